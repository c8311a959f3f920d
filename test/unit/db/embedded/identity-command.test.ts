import { describe, expect, it } from 'vitest';
import { type CommandRequest, identityCommand } from '../../../../src/db/embedded/identity-command.ts';

function command(request: Partial<CommandRequest>) {
  return identityCommand({
    file: '/bin/postgres',
    arguments: ['-D', '/data'],
    identity: { kind: 'self', uid: 1_000, gid: 1_000 },
    machine: { platform: 'linux', environment: { PATH: '/usr/bin', DATABASE_URL: 'secret', PGPORT: '1', LANG: 'de_DE' }, user: null },
    deathSignal: null,
    workingDirectory: '/data',
    ...request,
  });
}

const line = (request: Partial<CommandRequest>) => {
  const { file, arguments: parameters } = command(request);
  return [file, ...parameters].join(' ');
};

describe('the command that runs a program as somebody', () => {
  it('is the program itself for ourselves', () => {
    expect(line({})).toBe('/bin/postgres -D /data');
    expect(command({}).options).not.toHaveProperty('uid');
  });

  it('sets the user', () => {
    expect(command({ identity: { kind: 'user', uid: 7, gid: 8 } }).options).toMatchObject({ uid: 7, gid: 8, cwd: '/data' });
  });

  it('asks for the death signal after every change of the user, which would clear it', () => {
    expect(line({ deathSignal: 'INT' })).toBe('setpriv --pdeathsig INT -- /bin/postgres -D /data');
    expect(line({ deathSignal: 'KILL', identity: { kind: 'namespace', uid: 0, gid: 0 } })).toBe(
      'unshare --user --map-user=65534 --map-group=65534 -- setpriv --pdeathsig KILL -- /bin/postgres -D /data',
    );
    expect(line({ deathSignal: 'INT', identity: { kind: 'capability', uid: 7, gid: 8 } })).toBe(
      'setpriv --reuid 7 --regid 8 --clear-groups --securebits +no_setuid_fixup --inh-caps +dac_override --ambient-caps +dac_override --pdeathsig INT -- /bin/postgres -D /data',
    );
  });

  it('passes nothing of our environment on, and fixes language and zone', () => {
    expect(command({}).options.env).toEqual({ PATH: '/usr/bin', LC_ALL: 'C', TZ: 'UTC' });
  });
});
