import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minutesPerHour } from '../policy/hourly-rate.js';
import { epochMillis } from '../policy/instant.js';
import { windowAt, windowOffsetSeconds } from './enforcement-window.js';
import { DAY_0, HOUR, MINUTE } from './sample-policies.fixture.js';

function rates(throttle: number, block: number) {
  return { throttle: minutesPerHour(throttle), block: minutesPerHour(block) };
}

const stages = fc
  .tuple(fc.nat(60), fc.nat(60))
  .filter(([throttle, block]) => throttle + block > 0 && throttle + block <= 60)
  .map(([throttle, block]) => rates(throttle, block));
const hours = fc.integer({ min: -1000, max: 1_000_000 }).map((hour) => hour * HOUR);

describe('the window of a server', () => {
  it('is exactly its minutes of 450, then its minutes of 550, once in every hour', () => {
    fc.assert(
      fc.property(fc.string(), stages, hours, (server, stage, hour) => {
        const phases = Array.from(
          { length: 3600 },
          (_, second) => windowAt(stage, server, epochMillis(hour + second * 1000))?.phase,
        );
        expect(phases.filter((phase) => phase === 'throttle')).toHaveLength(stage.throttle * 60);
        expect(phases.filter((phase) => phase === 'block')).toHaveLength(stage.block * 60);
        const start = windowOffsetSeconds(server);
        const turned = [...phases.slice(start), ...phases.slice(0, start)];
        const order = turned.filter((phase, index) => phase !== turned[index - 1]);
        expect(['throttle', 'block', 'open'].filter((phase) => order.includes(phase as never))).toEqual(order);
      }),
    );
  });

  it('changes its phase at the millisecond', () => {
    const stage = rates(5, 10);
    const { opensAt, closesAt } = windowAt(stage, 'a/b', DAY_0) ?? { opensAt: 0, closesAt: 0 };
    const phaseAt = (millis: number) => windowAt(stage, 'a/b', epochMillis(millis))?.phase;
    expect(closesAt - opensAt).toBe(15 * MINUTE);
    expect([phaseAt(opensAt - 1), phaseAt(opensAt)]).toEqual(['open', 'throttle']);
    expect([phaseAt(opensAt + 5 * MINUTE - 1), phaseAt(opensAt + 5 * MINUTE)]).toEqual(['throttle', 'block']);
    expect([phaseAt(closesAt - 1), phaseAt(closesAt)]).toEqual(['block', 'open']);
  });

  it('is told as the open one, else as the next', () => {
    fc.assert(
      fc.property(fc.string(), stages, hours, fc.nat(HOUR), (server, stage, hour, millis) => {
        const now = epochMillis(hour + millis);
        const window = windowAt(stage, server, now);
        if (window === undefined) throw new Error('no window');
        const isOpen = window.opensAt <= now && now < window.closesAt;
        expect(isOpen).toBe(window.phase !== 'open');
        if (!isOpen) expect(window.opensAt - now).toBeLessThanOrEqual(HOUR);
        if (!isOpen) expect(window.opensAt).toBeGreaterThan(now);
      }),
    );
  });

  it('is the whole hour where it is always', () => {
    for (let minute = 0; minute < 60; minute++) {
      const now = epochMillis(DAY_0 + minute * MINUTE);
      expect(windowAt(rates(0, 60), 'a/b', now)?.phase).toBe('block');
      expect(windowAt(rates(60, 0), 'a/b', now)?.phase).toBe('throttle');
    }
  });

  it('is none where the stage refuses nothing', () => {
    expect(windowAt(rates(0, 0), 'a/b', DAY_0)).toBeUndefined();
  });

  it('is where it always was, on every node and in every version', () => {
    expect(['on-premises/ex01.example.org', 'internet/192.0.2.1', 'a/é'].map(windowOffsetSeconds)).toEqual(OFFSETS);
  });

  it('lies elsewhere for other servers: all minutes of the hour are used alike', () => {
    const servers = 12_000;
    const minutes = new Array<number>(60).fill(0);
    for (let index = 0; index < servers; index++) {
      const minute = Math.floor(windowOffsetSeconds(`on-premises/ex${index}.example.org`) / 60);
      minutes[minute] = (minutes[minute] ?? 0) + 1;
    }
    const expected = servers / 60;
    const chiSquare = minutes.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 59 degrees of freedom: above 98 in one of a thousand even spreads. The servers are fixed, so this does not vary.
    expect(chiSquare).toBeLessThan(98);
  });
});

/** Changing them would move the windows of all servers. */
const OFFSETS = [456, 35, 1407];
