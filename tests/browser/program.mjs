// The programs under test: started on free ports with a lake of their own, asked by SQL, and ended in order.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const PATIENCE_MS = 60_000;

/** The path of a program: what the variable says, else what `cargo build` made. */
export function built(variable, name) {
  const path = resolve(ROOT, process.env[variable] ?? `target/debug/${name}`);
  if (!existsSync(path)) throw new Error(`no program at ${path}: cargo build, or set ${variable}`);
  return path;
}

/** The environment without settings that somebody made for a beacon of theirs. */
function environment(variables) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(BEACON|AWS)_/.test(name));
  return { ...Object.fromEntries(inherited), ...variables };
}

/** A running program, whose lines of standard output or error can be waited for. */
export function start(path, args, variables, stream = 'stderr') {
  const child = spawn(path, args, {
    env: environment(variables),
    stdio: ['ignore', stream === 'stdout' ? 'pipe' : 'ignore', stream === 'stderr' ? 'pipe' : 'inherit'],
  });
  const said = [];
  let wake = () => {};
  createInterface({ input: child[stream] }).on('line', (line) => {
    said.push(line);
    wake();
  });
  const ended = new Promise((done) => child.once('exit', (code, signal) => done({ code, signal })));
  // However the tests end, no program outlives them.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);

  return {
    said,
    /** What `find` makes of the first line for which it makes anything. */
    async line(find) {
      const end = { isOver: false };
      ended.then(() => {
        end.isOver = true;
        wake();
      });
      const timer = setTimeout(() => {
        end.isOver = true;
        wake();
      }, PATIENCE_MS);
      try {
        for (let next = 0; ; ) {
          while (next < said.length) {
            const found = find(said[next++]);
            if (found) return found;
          }
          if (end.isOver) throw new Error(`${path} ${args.join(' ')} never said what was waited for:\n${said.join('\n')}`);
          await new Promise((woken) => (wake = woken));
        }
      } finally {
        clearTimeout(timer);
      }
    },
    /** Ends it as a service manager does, or by another signal, and insists that it ends well. */
    async stop(by = 'SIGTERM') {
      child.kill(by);
      const timer = setTimeout(kill, PATIENCE_MS);
      const { code, signal } = await ended;
      clearTimeout(timer);
      process.off('exit', kill);
      assert.equal(code, 0, `${path} ended with ${code ?? signal}:\n${said.join('\n')}`);
    },
    /** Ends what has no way of ending in order. */
    async kill() {
      kill();
      await ended;
      process.off('exit', kill);
    },
  };
}

/** `beacon serve` with its lake in `folder`; the addresses are origins, without a slash at their end. */
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

/** Runs a command that ends by itself, with `input` on its standard input; returns its standard output. */
export async function beacon(args, variables = {}, input = '') {
  const running = promisify(execFile)(built('BEACON', 'beacon'), args, {
    env: environment(variables),
    timeout: PATIENCE_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  running.child.stdin.end(input);
  return (await running).stdout;
}

/** The rows that SQL finds in a lake. */
export async function query(folder, sql, params = []) {
  const bound = params.flatMap((value) => ['--param', value]);
  return JSON.parse(await beacon(['query', '--lake', folder, '--output', 'json', ...bound, '-'], {}, sql));
}
