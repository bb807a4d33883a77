import { Injectable, RequestMethod, type OnModuleInit } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { MESSAGE_MAPPING_METADATA, MESSAGE_METADATA } from '@nestjs/websockets/constants.js';
import type { Permission } from '../domain/permission.js';
import { IS_PUBLIC, REQUIRED_PERMISSION } from './requires.js';

/** A door of the server: a REST route or a socket message. */
export interface Handler {
  /** `CorridorsController.stop` */
  readonly name: string;
  readonly kind: 'route' | 'message';
  /** `POST /v1/corridors/:corridorId/suspensions`, or the name of the message. */
  readonly method: string;
  readonly path: string;
  readonly permission: Permission | null;
  readonly isPublic: boolean;
  readonly controller: Type;
  readonly property: string;
}

type Type = abstract new (...args: never[]) => unknown;
type Method = (...args: never[]) => unknown;

/** Knows every handler of the application, and lets it start only when each says whom it is for. */
@Injectable()
export class Handlers implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** @throws Error naming the handlers that carry neither `@Requires` nor `@Public`, or both */
  onModuleInit(): void {
    const undecided = this.list().filter(({ permission, isPublic }) => (permission !== null) === isPublic);
    if (undecided.length === 0) return;
    const names = undecided.map(({ name, method, path }) => `${name} (${method} ${path})`).join(', ');
    throw new Error(`Every handler says whom it is for, by exactly one of @Requires(permission) and @Public(). Not so: ${names}`);
  }

  /** Every route and every socket message, in the order of the modules. */
  list(): readonly Handler[] {
    const classes = [...this.discovery.getControllers(), ...this.discovery.getProviders()]
      .map(({ metatype }) => metatype)
      .filter((metatype): metatype is Type => typeof metatype === 'function' && metatype.prototype !== undefined);
    return [...new Set(classes)].flatMap((controller) => this.handlersOf(controller));
  }

  private handlersOf(controller: Type): readonly Handler[] {
    const prototype = controller.prototype as Record<string, Method>;
    return this.scanner.getAllMethodNames(prototype).flatMap((property): readonly Handler[] => {
      const method = prototype[property];
      if (method === undefined) return [];
      const common = {
        name: `${controller.name}.${property}`,
        controller,
        property,
        permission: this.reflector.getAllAndOverride<Permission | undefined>(REQUIRED_PERMISSION, [method, controller]) ?? null,
        isPublic: this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, [method, controller]) === true,
      };
      if (Reflect.getMetadata(MESSAGE_MAPPING_METADATA, method) === true) {
        return [{ ...common, kind: 'message', method: 'message', path: String(Reflect.getMetadata(MESSAGE_METADATA, method)) }];
      }
      const verb = Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod | undefined;
      if (verb === undefined) return [];
      const paths = pathsOf(controller).flatMap((prefix) => pathsOf(method).map((path) => joinPath(prefix, path)));
      return paths.map((path): Handler => ({ ...common, kind: 'route', method: RequestMethod[verb], path }));
    });
  }
}

function pathsOf(target: Type | Method): readonly string[] {
  const path = Reflect.getMetadata(PATH_METADATA, target) as string | readonly string[] | undefined;
  return path === undefined ? [''] : [path].flat();
}

function joinPath(...parts: readonly string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;
}
