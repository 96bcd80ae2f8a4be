// Prints what viem and a node say to each other, frame by frame, as a page for docs/transcripts:
//     node transcript.mjs <url> <nodeUrl>
// <url> is what viem talks to (a relay or a node); <nodeUrl> is the node itself, a fresh one that does not mine alone.
// viem talks through a line of its own that passes each frame on as it is, so that the frames of any Node's WebSocket
// can be seen.
import WebSocket, { WebSocketServer } from 'ws';
import { createPublicClient, createWalletClient, webSocket } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { NodeControl } from './node-control.mjs';
import { NOTED_CODE, NOTED_TOPIC, notedCall } from './noted-contract.mjs';
import { FIRST, FIRST_KEY } from './scenario.mjs';

const WIDEST = 400;
const [url, nodeUrl] = process.argv.slice(2);

const print = (direction, frame) => {
  const text = frame.toString();
  console.log(direction, text.length > WIDEST ? `${text.slice(0, WIDEST)}… (${text.length} characters)` : text);
};
const step = (title) => console.log(`\n# ${title}`);

const line = new WebSocketServer({ host: '127.0.0.1', port: 0 });
await new Promise((resolve) => line.once('listening', resolve));
line.on('connection', (client) => {
  const far = new WebSocket(url);
  const open = new Promise((resolve) => far.once('open', resolve));
  client.on('message', async (frame) => {
    await open;
    print('-->', frame);
    far.send(frame, { binary: false });
  });
  far.on('message', (frame, binary) => {
    print('<--', frame);
    client.send(frame, { binary });
  });
  client.on('close', () => far.close());
  far.on('close', () => client.close());
});

const node = await NodeControl.connect(nodeUrl);
await node.prepare();
const transport = webSocket(`ws://127.0.0.1:${line.address().port}`, { retryCount: 0 });
const reader = createPublicClient({ chain: foundry, transport, pollingInterval: 50, cacheTime: 0 });
const wallet = createWalletClient({ chain: foundry, transport, account: privateKeyToAccount(FIRST_KEY) });

// One item of a subscription at a time.
const items = async (...params) => {
  const waiting = [];
  const here = [];
  const { unsubscribe } = await reader.transport.subscribe({
    params,
    onData: ({ result }) => (waiting.shift() ?? ((item) => here.push(item)))(result),
  });
  const next = () => (here.length > 0 ? here.shift() : new Promise((resolve) => waiting.push(resolve)));
  return { next, unsubscribe };
};

step('Chain id, block number, balance');
await reader.getChainId();
await reader.getBlockNumber();
await reader.getBalance({ address: FIRST });
step('Subscribe to heads and to pending transactions');
const heads = await items('newHeads');
const pending = await items('newPendingTransactions');
step('Deploy a contract: the transaction is pending, then in a block');
const deploy = await wallet.sendTransaction({ data: NOTED_CODE });
await pending.next();
await node.mine();
await heads.next();
const { contractAddress } = await reader.getTransactionReceipt({ hash: deploy });
step('Subscribe to its logs, and call it');
const logs = await items('logs', { address: contractAddress, topics: [NOTED_TOPIC] });
await wallet.sendTransaction({ to: contractAddress, data: notedCall(7, 77) });
await pending.next();
await node.mine();
await Promise.all([heads.next(), logs.next()]);
step('An unknown method');
await reader.request({ method: 'eth_noSuchMethod', params: [] }).catch(() => {});
step('Unsubscribe');
await logs.unsubscribe();
await pending.unsubscribe();
await heads.unsubscribe();
process.exit(0);
