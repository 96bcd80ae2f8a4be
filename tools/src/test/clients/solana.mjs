// Subscriptions of @solana/web3.js, on a simulated node behind the relay whose chain goes on when it is told to:
//     node solana.mjs <url> <nodeUrl>    one JSON object of everything seen, on stdout
import { Connection, PublicKey } from '@solana/web3.js';
import WebSocket from 'ws';

const [url, nodeUrl] = process.argv.slice(2);
const seen = { slots: [], accounts: [], signatures: [], logs: [] };
let changed = () => {};
const record = (list, read) => (item) => {
  seen[list].push(read(item));
  changed();
};
const until = async (condition) => {
  while (!condition()) {
    await new Promise((resolve) => (changed = resolve));
  }
};

const node = new WebSocket(nodeUrl);
await new Promise((resolve) => node.once('open', resolve));
const mine = (count) => node.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'sim_mine', params: [count] }));

const connection = new Connection(url.replace('ws', 'http'), { wsEndpoint: url, commitment: 'confirmed' });
const key = new PublicKey('11111111111111111111111111111111');
const slots = connection.onSlotChange(record('slots', ({ slot, parent }) => slot - parent));
const accounts = connection.onAccountChange(key, record('accounts', ({ owner }) => owner.toBase58()));
const logs = connection.onLogs('all', record('logs', ({ err, logs: lines }) => [err, lines.length]));
connection.onSignature('5'.repeat(88), record('signatures', ({ err }) => err));
// The library subscribes when it has its socket, and says nothing of it: the first items show that all are there.
while (Object.values(seen).some((list) => list.length === 0)) {
  mine(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
}
mine(3);
await until(() => seen.slots.length >= 4 && seen.accounts.length >= 4 && seen.logs.length >= 4);
await connection.removeSlotChangeListener(slots);
await connection.removeAccountChangeListener(accounts);
await connection.removeOnLogsListener(logs);
const balance = await connection.getBalance(key);

const result = { slots: seen.slots.slice(0, 4), accounts: seen.accounts.slice(0, 2), logs: seen.logs.slice(0, 2),
  signatures: seen.signatures, hasBalance: balance > 0 };
await new Promise((resolve) => process.stdout.write(JSON.stringify(result) + '\n', resolve));
process.exit(0);
