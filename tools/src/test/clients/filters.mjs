// Filters that are polled, with viem or ethers, over HTTP or a WebSocket:
//     node filters.mjs viem|ethers <url> <address of the contract>
// lines: ready, then what polls bring: `log <value>`, `removed <value>`, `pending <hash>`, with viem also `head <hash>`
// and `watched <value>`; `error <what>` if a poll fails. `quit` on stdin ends the filters, and a line `done` the script.
import { createInterface } from 'node:readline';
import { createPublicClient, http, parseAbi, webSocket } from 'viem';
import { foundry } from 'viem/chains';
import { JsonRpcProvider, Network } from 'ethers';
import { NOTED_TOPIC } from './noted-contract.mjs';

const [library, url, address] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${line}\n`);
// ethers tells of its troubles there.
console.log = console.error;
const quit = new Promise((resolve) => createInterface({ input: process.stdin }).on('line', resolve));
let isOver = false;
quit.then(() => (isOver = true));

const viem = async () => {
  const transport = url.startsWith('ws') ? webSocket(url, { retryCount: 0 }) : http(url, { retryCount: 0 });
  const client = createPublicClient({ chain: foundry, transport, cacheTime: 0, pollingInterval: 50 });
  const abi = parseAbi(['event Noted(uint256 indexed key, uint256 value)']);
  const heads = await client.createBlockFilter();
  const pending = await client.createPendingTransactionFilter();
  const logs = await client.createContractEventFilter({ address, abi, eventName: 'Noted', fromBlock: 0n });
  const unwatch = client.watchContractEvent({
    address, abi, eventName: 'Noted', poll: true,
    onLogs: (found) => found.forEach(({ args, removed }) => removed || say(`watched ${args.value}`)),
    onError: (error) => say(`error watch ${error.message.replaceAll('\n', ' ')}`),
  });
  // What a library keeps of a filter is its id: a poll by another client, over a connection of its own, is as good.
  const other = createPublicClient({ chain: foundry, transport: http(url.replace(/^ws/, 'http'), { retryCount: 0 }) });
  say('ready');
  let turn = 0;
  while (!isOver) {
    const poller = turn++ % 2 === 0 ? client : other;
    try {
      const changes = (filter) => poller.request({ method: 'eth_getFilterChanges', params: [filter.id] });
      (await changes(heads)).forEach((hash) => say(`head ${hash}`));
      (await changes(pending)).forEach((hash) => say(`pending ${hash}`));
      (poller === client ? await client.getFilterChanges({ filter: logs }) : await changes(logs)).forEach(
        ({ removed, data }) => say(`${removed ? 'removed' : 'log'} ${BigInt(data)}`));
    } catch (error) {
      say(`error ${error.message.replaceAll('\n', ' ')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  unwatch();
  const all = (await client.getFilterLogs({ filter: logs })).map(({ args }) => `${args.value}`);
  const uninstalled = [];
  for (const filter of [heads, pending, logs, logs]) {
    uninstalled.push(await client.uninstallFilter({ filter }));
  }
  return { all, uninstalled };
};

const ethers = async () => {
  const made = [];
  const provider = new (class extends JsonRpcProvider {
    async send(method, params) {
      const result = await super.send(method, params);
      if (method.startsWith('eth_new')) {
        made.push(result);
      }
      return result;
    }
  })(url, Network.from(31337), { staticNetwork: true, cacheTimeout: -1 });
  provider.pollingInterval = 50;
  await provider.on({ address, topics: [NOTED_TOPIC] }, ({ data }) => say(`log ${BigInt(data)}`));
  await provider.on('pending', (hash) => say(`pending ${hash}`));
  while (made.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  say('ready');
  await quit;
  const known = [];
  for (const filter of made) {
    known.push(await provider.send('eth_getFilterChanges', [filter]).then(() => true, () => false));
  }
  return { filters: made.length, known };
};

try {
  const last = await { viem, ethers }[library]();
  await new Promise((resolve) => process.stdout.write(`done ${JSON.stringify(last)}\n`, resolve));
} finally {
  process.exit(0);
}
