import { Body, Controller, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public, Requires } from '../auth/requires.js';
import type { ClockState } from '../event-log/clock.js';
import { JumpBody, NextEventBody, PauseClockBody, SetRateBody, StepBody, TouchClockBody } from './exercise.dto.js';
import { Exercise } from './exercise.service.js';

/** The clock of an exercise. On a live database everything but reading answers 409 `clock-is-live`. */
@ApiTags('exercise')
@Controller('v1/exercise/clock')
export class ExerciseController {
  constructor(private readonly exercise: Exercise) {}

  /** Log time, rate, pause, wishes. Of a live database, too. */
  @Get()
  @Requires('exercise.read')
  read(): Promise<ClockState> {
    return this.exercise.state();
  }

  /** Live or an exercise, and what every page of an exercise must say: asked by pages on which nobody is signed in yet. */
  @Get('notice')
  @Public()
  async notice(): Promise<Pick<ClockState, 'kind' | 'notice'>> {
    const { kind, notice } = await this.exercise.state();
    return { kind, notice };
  }

  /** Stands still from now on. */
  @Post('pauses')
  @HttpCode(200)
  @Requires('exercise.control')
  pause(@Body() { waitsFor }: PauseClockBody): Promise<ClockState> {
    return this.exercise.pause(waitsFor ?? 'visitor');
  }

  /** Runs on at its rate, and drops a wish to jump. */
  @Post('resumptions')
  @HttpCode(200)
  @Requires('exercise.control')
  resume(@Body() _body: TouchClockBody): Promise<ClockState> {
    return this.exercise.resume();
  }

  /** Runs at another rate from now on. */
  @Post('rates')
  @HttpCode(200)
  @Requires('exercise.control')
  setRate(@Body() { rate }: SetRateBody): Promise<ClockState> {
    return this.exercise.setRate(rate);
  }

  /** Wishes to be at a later instant, or at the next record; stepped there by whoever plays. 409 `clock-goes-forward`. */
  @Post('jumps')
  @HttpCode(200)
  @Requires('exercise.control')
  jump(@Body() { to }: JumpBody): Promise<ClockState> {
    return this.exercise.jump(to);
  }

  /** Goes to an instant not past the next record, stopping at each deadline. Ask again while `now` lies before `to`. */
  @Post('steps')
  @HttpCode(200)
  @Requires('exercise.control')
  step(@Body() { to }: StepBody): Promise<ClockState> {
    return this.exercise.step(to);
  }

  /** Names the next record: the clock waits there until it is fed. */
  @Put('next-event')
  @Requires('exercise.control')
  setNextEvent(@Body() { at }: NextEventBody): Promise<ClockState> {
    return this.exercise.setNextEvent(at);
  }
}
