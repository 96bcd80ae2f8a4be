// Calls and subscriptions over a Unix domain socket, with viem, on a fresh chain that does not mine by itself:
//     node ipc.mjs <path>    one JSON object of everything seen, on stdout
import { createPublicClient } from 'viem';
import { foundry } from 'viem/chains';
import { ipc } from 'viem/node';
import { SECOND } from './scenario.mjs';
import { NOTED_CODE, notedCall } from './noted-contract.mjs';

const [path] = process.argv.slice(2);
const client = createPublicClient({ chain: foundry, transport: ipc(path, { retryCount: 0, timeout: 30_000 }) });
const request = (method, ...params) => client.request({ method, params });

const seen = { heads: [], logs: [], pending: [] };
let changed = () => {};
const subscribe = (list, read, ...params) => client.transport.subscribe({
  params,
  onData: ({ result }) => {
    seen[list].push(read(result));
    changed();
  },
});
const until = async (condition) => {
  while (!condition()) {
    await new Promise((resolve) => (changed = resolve));
  }
};

await request('anvil_setBlockTimestampInterval', 1);
seen.chainIds = await Promise.all(Array.from({ length: 20 }, () => client.getChainId()));
const heads = await subscribe('heads', (head) => head.number, 'newHeads');
const pending = await subscribe('pending', (hash) => hash.length, 'newPendingTransactions');
const send = async (transaction) => {
  const hash = await request('eth_sendTransaction', { from: SECOND, gas: '0x186a0', ...transaction });
  await request('evm_mine');
  return request('eth_getTransactionReceipt', hash);
};
const { contractAddress: address } = await send({ data: NOTED_CODE });
const logs = await subscribe('logs', (log) => BigInt(log.data).toString(), 'logs', { address });
for (const value of [11, 22, 33]) {
  await send({ to: address, data: notedCall(7, value) });
}
await until(() => seen.heads.length >= 4 && seen.logs.length >= 3 && seen.pending.length >= 4);
seen.unsubscribed = [];
for (const subscription of [heads, logs, pending]) {
  seen.unsubscribed.push((await subscription.unsubscribe()).result);
}
seen.error = await request('eth_getBalance', 'nonsense', 'latest').then(() => 'none', (error) => error.walk((cause) =>
  cause.name === 'RpcRequestError').code);
await new Promise((resolve) => process.stdout.write(JSON.stringify(seen) + '\n', resolve));
process.exit(0);
