import { Module } from '@nestjs/common';
import { Deadlines } from './deadlines.service.js';

/** What time itself causes, fired in time. */
@Module({ providers: [Deadlines] })
export class DeadlinesModule {}
