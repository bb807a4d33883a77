import { Module } from '@nestjs/common';
import { BoardController } from './board.controller.js';
import { BoardGateway } from './board.gateway.js';
import { Boards } from './boards.service.js';
import { Groups } from './groups.js';
import { Heartbeats } from './heartbeats.js';
import { PastBoards } from './past-boards.service.js';
import { Seats } from './seats.js';

/** What changes reaches every screen from here: snapshot, sockets, server-sent events and polling, with the same cursors. */
@Module({ controllers: [BoardController], providers: [Groups, Boards, PastBoards, Heartbeats, Seats, BoardGateway] })
export class RealtimeModule {}
