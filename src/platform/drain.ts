import { Injectable } from '@nestjs/common';

/** Connections that stay open as long as their reader wishes: sockets and streams. Whoever holds some lets go of them at the end. */
@Injectable()
export class Drain {
  private readonly holders: ((withinMs: number) => void)[] = [];

  /** @param letGo closes each connection at a random moment within that time, so that not all readers come back to the others at once */
  onEnd(letGo: (withinMs: number) => void): void {
    this.holders.push(letGo);
  }

  end(withinMs: number): void {
    for (const letGo of this.holders) letGo(withinMs);
  }
}

/** Calls back for each of them at a random moment within that time. */
export function spread<Item>(items: Iterable<Item>, withinMs: number, letGo: (item: Item) => void): void {
  for (const item of items) {
    if (withinMs === 0) letGo(item);
    else setTimeout(letGo, Math.random() * withinMs, item);
  }
}
