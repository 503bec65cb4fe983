import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import AdmZip = require('adm-zip');
import type { BeaconArchitecture } from './beacon-props';

/** The program that Lambda starts, at the root of a zip file or folder. */
const PROGRAM = 'bootstrap';

/** The machine in the header of an ELF program: where it stands, and what it is for each architecture. */
const MACHINE_OFFSET = 18;
const MACHINES: { [machine: number]: string } = { 0x3e: 'x86_64', 0xb7: 'arm64' };

/** What a function's code is given by, and where a right one comes from. */
export interface CodeProperty {
  /** `code` or `dashboardCode`. */
  readonly name: string;
  /** The archive of a release, without its architecture. */
  readonly archive: string;
  /** The function's id in the template. */
  readonly functionId: string;
}

/** Throws unless `code` is a zip file or a folder with a program for the architecture. */
export function checkCode(property: CodeProperty, code: unknown, architecture: BeaconArchitecture | string): void {
  const { name, archive, functionId } = property;
  const source =
    `give ${archive}-arm64.zip of a release, or the folder that make -f infra/Makefile build-${functionId} ` +
    'ARTIFACTS_DIR=<folder> wrote';
  if (code === undefined || code === '') {
    throw new Error(`${name} is not given: ${source}`);
  }
  if (typeof code !== 'string') {
    throw new Error(`${name} is ${JSON.stringify(code)}, which is not a path: ${source}`);
  }
  const shown = JSON.stringify(code);
  if (!existsSync(code)) {
    throw new Error(`${name} is ${shown}, where nothing is: ${source}`);
  }
  const isFolder = statSync(code).isDirectory();
  if (!isFolder && !code.endsWith('.zip')) {
    throw new Error(`${name} is ${shown}: give a zip file, or the folder that holds bootstrap`);
  }
  const program = isFolder ? inFolder(code) : inZip(name, code, source);
  if (program === undefined) {
    const place = isFolder ? `the folder ${shown}` : `${shown}, a zip file`;
    const advice = isFolder ? '' : ` at its root, which Lambda starts: ${source}`;
    throw new Error(`${name} is ${place}, which holds no program bootstrap${advice}`);
  }
  const machine = machineOf(program);
  if (machine !== undefined && machine !== architecture) {
    throw new Error(
      `${name} is ${shown}, built for ${machine}, but architecture is ${architecture}: ` +
        `give ${archive}-${architecture}.zip, or set architecture to ${machine}`,
    );
  }
}

function inFolder(folder: string): Buffer | undefined {
  const program = join(folder, PROGRAM);
  return existsSync(program) && statSync(program).isFile() ? readFileSync(program) : undefined;
}

function inZip(name: string, file: string, source: string): Buffer | undefined {
  try {
    const entry = new AdmZip(file).getEntry(PROGRAM);
    return entry && !entry.isDirectory ? entry.getData() : undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${name} is ${JSON.stringify(file)}, which can't be read as a zip file (${reason}): ${source}`);
  }
}

/** The architecture of an ELF program; undefined for what is none, such as a script. */
function machineOf(program: Buffer): string | undefined {
  const isElf = program.length > MACHINE_OFFSET + 1 && program.subarray(0, 4).toString('latin1') === '\x7fELF';
  return isElf ? MACHINES[program.readUInt16LE(MACHINE_OFFSET)] : undefined;
}
