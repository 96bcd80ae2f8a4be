// What every client does, written once. A client script hands in its library behind the few calls of `client` below
// and gets both modes:
//     node <client>.mjs run  <url> <nodeUrl>    one JSON object of everything seen, on stdout
//     node <client>.mjs keep <url>              lines: ready, head, log, pending, closed; `quit` on stdin ends it
// The chain behind <nodeUrl> must be fresh and must not mine by itself.
//
// On SIGTERM the script says on stderr where it stands.
//
// client: connect(url, tap), chainId(), blockNumber(), balance(address), send({to, data, value}) -> hash,
//         receipt(hash) -> when mined, onHead(listener), onLog({address, keys}, listener), onPending(listener)
//         -> each gives an async unsubscribe, request(method, params), errorOf(error) -> {code, message}, close()
import { createInterface } from 'node:readline';
import { NodeControl } from './node-control.mjs';
import { NOTED_CODE, NOTED_TOPIC, notedCall, word } from './noted-contract.mjs';
import { WireTap } from './wire-tap.mjs';

// The first two accounts of the node's well-known test phrase; they hold nothing anywhere else.
export const FIRST_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
export const FIRST = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
export const SECOND = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

let standsAt = 'connect';

export async function main(client) {
  const [mode, url, nodeUrl] = process.argv.slice(2);
  const tap = new WireTap();
  process.once('SIGTERM', () => {
    process.stderr.write(`stuck at: ${standsAt}; unanswered: ${tap.outstanding()}\n`, () => process.exit(1));
  });
  await client.connect(url, tap);
  if (mode === 'run') {
    const seen = await run(client, tap, await NodeControl.connect(nodeUrl));
    await new Promise((resolve) => process.stdout.write(asJson(seen) + '\n', resolve));
  } else {
    await keep(client, tap);
  }
  await client.close();
  // Keep-alive timers and reconnect loops of the libraries must not hold the test.
  process.exit(0);
}

async function run(client, tap, node) {
  await node.prepare();
  const seen = { heads: [], logs: [], pending: [], errors: {} };

  seen.chainId = await client.chainId();
  seen.blockNumber = await client.blockNumber();
  seen.balance = await client.balance(FIRST);

  const record = (list) => (item) => {
    seen[list].push(item);
    tap.changed();
  };
  const until = (list, length) => at(`${length} ${list}`, tap.until(() => seen[list].length >= length));
  const endHeads = await client.onHead(record('heads'));
  const endPending = await client.onPending(record('pending'));
  let heads = 0;
  let pending = 0;
  const sendAndWait = async (transaction) => {
    const hash = await client.send(transaction);
    await until('pending', ++pending);
    const receipt = client.receipt(hash);
    await tap.untilIdle();
    await node.mine();
    await until('heads', ++heads);
    return at(`receipt of ${hash}`, receipt);
  };

  seen.transfer = await sendAndWait({ to: SECOND, value: 10n ** 18n });
  seen.balanceAfter = await client.balance(FIRST);
  seen.deploy = await sendAndWait({ data: NOTED_CODE });
  const address = seen.deploy.contractAddress;

  const endLogs = await client.onLog({ address, keys: [7n, 9n] }, record('logs'));
  seen.calls = [];
  for (const key of [7, 8, 9]) {
    seen.calls.push(await sendAndWait({ to: address, data: notedCall(key, key * 11) }));
  }
  const noteFromSecondWallet = (value) => node.call('eth_sendTransaction',
    { from: SECOND, to: address, data: notedCall(9, value), gas: '0x186a0' });
  await noteFromSecondWallet(1234);
  await until('pending', ++pending);
  await node.mine();
  await until('heads', ++heads);
  await until('logs', 3);

  seen.errors.unknownMethod = await failure(client, 'eth_noSuchMethod', []);
  seen.errors.wrongParams = await failure(client, 'eth_getBalance', ['0x12']);
  seen.errors.revert = await failure(client, 'eth_call', [{ from: FIRST, data: '0x602a60005260206000fd' }, 'latest']);

  // The same three kinds again, to prove that items still flow while the first three must be silent.
  const filter = { address, topics: [NOTED_TOPIC, [word(7), word(9)]] };
  const fences = [
    await client.request('eth_subscribe', ['newHeads']),
    await client.request('eth_subscribe', ['newPendingTransactions']),
    await client.request('eth_subscribe', ['logs', filter]),
  ];
  await endHeads();
  await endPending();
  await endLogs();
  for (let round = 1; round <= 2; round++) {
    await noteFromSecondWallet(round);
    await at(`fence ${round}, pending`, tap.until(() => tap.itemsOf(fences[1]) === round));
    await node.mine();
    await at(`fence ${round}, all`, tap.until(() => fences.every((fence) => tap.itemsOf(fence) === round)));
  }
  seen.unsubscribed = [];
  for (const fence of fences) {
    seen.unsubscribed.push(await client.request('eth_unsubscribe', [fence]));
  }
  seen.blockNumberAtEnd = await client.request('eth_blockNumber', []);
  seen.closed = tap.closed;
  seen.violations = tap.violations;
  node.close();
  return seen;
}

// Notes what the scenario waits for while it waits.
async function at(what, promise) {
  standsAt = what;
  const result = await promise;
  standsAt = `after ${what}`;
  return result;
}

async function failure(client, method, params) {
  try {
    return { unexpected: await client.request(method, params) };
  } catch (error) {
    return client.errorOf(error);
  }
}

async function keep(client, tap) {
  const say = (line) => process.stdout.write(line + '\n');
  tap.onClose = (code) => say(`closed ${code}`);
  const ends = [
    await client.onHead((head) => say(`head ${Number(head.number ?? head)}`)),
    await client.onLog({}, (log) => say(`log ${BigInt(log.data ?? word(log.args.value))}`)),
    await client.onPending((hash) => say(`pending ${hash}`)),
  ];
  const subscribeCalls = tap.subscribeCalls;
  say('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'quit') {
      for (const end of ends) {
        await end();
      }
      break;
    }
  }
  say('done ' + asJson({
    closed: tap.closed,
    subscribedAgain: tap.subscribeCalls - subscribeCalls,
    violations: tap.violations,
  }));
}

const asJson = (value) => JSON.stringify(value, (_, member) => typeof member === 'bigint' ? `${member}` : member);
