// The programs under test: starts them on free ports with a lake of their own, queries the lake, shuts them down.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const TIMEOUT_MS = 180_000;

/** Returns the path of a program: from the variable, or else where `cargo build` puts it. */
export function built(variable, name) {
  const path = resolve(ROOT, process.env[variable] ?? `target/debug/${name}`);
  if (!existsSync(path)) throw new Error(`no program at ${path}: cargo build, or set ${variable}`);
  return path;
}

/** Returns the environment without the developer's own BEACON_ and AWS_ settings. */
function environment(variables) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(BEACON|AWS)_/.test(name));
  return { ...Object.fromEntries(inherited), ...variables };
}

/** Starts a program and collects the lines of its standard output or error. */
export function start(path, args, variables, stream = 'stderr') {
  const child = spawn(path, args, {
    env: environment(variables),
    stdio: ['ignore', stream === 'stdout' ? 'pipe' : 'ignore', stream === 'stderr' ? 'pipe' : 'inherit'],
  });
  const lines = [];
  let wake = () => {};
  createInterface({ input: child[stream] }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  const ended = new Promise((done) => child.once('exit', (code, signal) => done({ code, signal })));
  // No program outlives the tests, however they end.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);

  return {
    lines,
    /** Waits for the first line that `find` returns something for, and returns that. */
    async line(find) {
      const end = { isOver: false };
      ended.then(() => {
        end.isOver = true;
        wake();
      });
      const timer = setTimeout(() => {
        end.isOver = true;
        wake();
      }, TIMEOUT_MS);
      try {
        for (let next = 0; ; ) {
          while (next < lines.length) {
            const found = find(lines[next++]);
            if (found) return found;
          }
          if (end.isOver) throw new Error(`${path} ${args.join(' ')} never logged the expected line:\n${lines.join('\n')}`);
          await new Promise((woken) => (wake = woken));
        }
      } finally {
        clearTimeout(timer);
      }
    },
    /** Shuts it down with SIGTERM, or another signal, and requires exit code 0. */
    async stop(by = 'SIGTERM') {
      child.kill(by);
      const timer = setTimeout(kill, TIMEOUT_MS);
      const { code, signal } = await ended;
      clearTimeout(timer);
      process.off('exit', kill);
      assert.equal(code, 0, `${path} ended with ${code ?? signal}:\n${lines.join('\n')}`);
    },
    /** Kills a program that has no graceful shutdown. */
    async kill() {
      kill();
      await ended;
      process.off('exit', kill);
    },
  };
}

/** Starts `beacon serve` with its lake in `folder`. The URLs are origins, without a trailing slash. */
export async function serve(folder, variables = {}) {
  const program = start(built('BEACON', 'beacon'), ['serve', '--log-format', 'json'], {
    BEACON_LISTEN: '127.0.0.1:0',
    BEACON_METRICS_LISTEN: '127.0.0.1:0',
    BEACON_DASHBOARD_LISTEN: '127.0.0.1:0',
    BEACON_LAKE: folder,
    ...variables,
  });
  const listening = await program.line((line) => {
    const { message, ...fields } = JSON.parse(line);
    return message === 'the beacon is listening' ? fields : null;
  });
  const origin = (url) => url && new URL(url).origin;
  return {
    pixel: origin(listening.pixel),
    dashboard: origin(listening.dashboard),
    firehose: origin(listening.firehose),
    folder,
    stop: () => program.stop(),
  };
}

/** Runs a command to its end, with `input` on its standard input; returns its standard output. */
export async function beacon(args, variables = {}, input = '') {
  const running = promisify(execFile)(built('BEACON', 'beacon'), args, {
    env: environment(variables),
    timeout: TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  running.child.stdin.end(input);
  return (await running).stdout;
}

/** Returns the rows of a SQL query on a lake. */
export async function query(folder, sql, params = []) {
  const bound = params.flatMap((value) => ['--param', value]);
  return JSON.parse(await beacon(['query', '--lake', folder, '--output', 'json', ...bound, '-'], {}, sql));
}
