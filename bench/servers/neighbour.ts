// The neighbour: what a competent team writes with Nest, TypeORM and socket.io as their documents show them. A report locks its corridor,
// changes it, save()s both, commits, and the changed corridor goes to everybody. One transaction a request; no idempotency, no log.
// Settings: PGHOST, PGPORT, PGUSER, PGDATABASE.
import 'reflect-metadata';
import {
  Body,
  Controller,
  Injectable,
  Module,
  Param,
  ParseUUIDPipe,
  Post,
  Req,
  UnauthorizedException,
  UseGuards,
  ValidationPipe,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import { Type } from 'class-transformer';
import { IsIn, IsOptional, IsUUID, ValidateNested } from 'class-validator';
import type { Server } from 'socket.io';
import { Column, CreateDateColumn, DataSource, Entity, PrimaryColumn, VersionColumn } from 'typeorm';

/* eslint-disable no-restricted-syntax -- save() is what is measured here */

@Entity('corridors')
class Corridor {
  @PrimaryColumn('uuid') id!: string;
  @Column() code!: string;
  @Column() name!: string;
  @Column() status!: string;
  @Column('uuid', { nullable: true }) lastObservationId!: string | null;
  @Column('timestamptz', { nullable: true }) lastSeenAt!: Date | null;
  @VersionColumn() version!: number;
}

@Entity('observations')
class Observation {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') corridorId!: string;
  @Column('uuid') segmentId!: string;
  @Column('uuid') personId!: string;
  @Column() seen!: string;
  @Column() condition!: string;
  @Column('jsonb') passability!: object;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
}

@Entity('sessions')
class Session {
  @PrimaryColumn() token!: string;
  @Column('uuid') personId!: string;
  @Column('timestamptz') expiresAt!: Date;
}

class PassabilityDto {
  @IsOptional() @IsIn(['passable', 'limited', 'impassable']) bus?: string;
  @IsOptional() @IsIn(['passable', 'limited', 'impassable']) car?: string;
}

class ObservationDto {
  @IsUUID() commandId!: string;
  @IsUUID() segmentId!: string;
  @IsIn(['manned_post', 'passage', 'seen_from']) seen!: string;
  @IsIn(['quiet', 'blocked', 'fire_heard']) condition!: string;
  @IsOptional() @ValidateNested() @Type(() => PassabilityDto) passability?: PassabilityDto;
}

interface SignedInRequest {
  readonly headers: { readonly authorization?: string };
  session: Session;
}

@Injectable()
class BearerGuard implements CanActivate {
  constructor(private readonly database: DataSource) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const session = await this.database.getRepository(Session).findOneBy({ token });
    if (session === null || session.expiresAt < new Date()) throw new UnauthorizedException();
    request.session = session;
    return true;
  }
}

@WebSocketGateway()
class CorridorsGateway {
  @WebSocketServer() io!: Server;
}

@Injectable()
class ObservationsService {
  constructor(
    private readonly database: DataSource,
    private readonly gateway: CorridorsGateway,
  ) {}

  async record(corridorId: string, personId: string, { commandId, ...seen }: ObservationDto): Promise<Corridor> {
    const corridor = await this.database.transaction(async (tx) => {
      const row = await tx.findOneOrFail(Corridor, { where: { id: corridorId }, lock: { mode: 'pessimistic_write' } });
      row.status = seen.condition === 'quiet' ? 'open' : 'hold';
      row.lastObservationId = commandId;
      row.lastSeenAt = new Date();
      await tx.save(row);
      await tx.save(tx.create(Observation, { ...seen, passability: seen.passability ?? {}, id: commandId, corridorId, personId }));
      return row;
    });
    this.gateway.io.emit('corridor', corridor);
    return corridor;
  }
}

@Controller('corridors')
@UseGuards(BearerGuard)
class ObservationsController {
  constructor(private readonly observations: ObservationsService) {}

  @Post(':id/observations')
  record(@Param('id', ParseUUIDPipe) id: string, @Body() body: ObservationDto, @Req() { session }: SignedInRequest): Promise<Corridor> {
    return this.observations.record(id, session.personId, body);
  }
}

function connect(): Promise<DataSource> {
  const { PGHOST, PGPORT, PGUSER, PGDATABASE } = process.env as Record<'PGHOST' | 'PGPORT' | 'PGUSER' | 'PGDATABASE', string>;
  return new DataSource({
    type: 'postgres',
    host: PGHOST,
    port: Number(PGPORT),
    username: PGUSER,
    database: PGDATABASE,
    entities: [Corridor, Observation, Session],
    synchronize: true,
  }).initialize();
}

@Module({
  controllers: [ObservationsController],
  providers: [{ provide: DataSource, useFactory: connect }, CorridorsGateway, ObservationsService],
})
class NeighbourModule {}

const app = await NestFactory.create<NestExpressApplication>(NeighbourModule, { logger: ['error'] });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
await app.listen(0, '127.0.0.1');
process.stdout.write(`${await app.getUrl()}\n`);
