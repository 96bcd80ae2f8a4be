// A small eth_subscribe relay on the 'ws' package, as a Node user would write it: one upstream subscription, one send
// per subscriber. Arguments: own port, upstream port, kind.
'use strict';
const WebSocket = require('ws');
const [port, upstreamPort] = process.argv.slice(2, 4).map(Number);
const kind = process.argv[4];
const everybody = new Set();
const byAddress = new Map();

function subscribe(client, call) {
  const filter = call.params[1];
  if (filter && filter.address) {
    const address = filter.address.toLowerCase();
    if (!byAddress.has(address)) byAddress.set(address, new Set());
    byAddress.get(address).add(client);
    client.on('close', () => byAddress.get(address).delete(client));
  } else {
    everybody.add(client);
    client.on('close', () => everybody.delete(client));
  }
  client.send(JSON.stringify({ jsonrpc: '2.0', id: call.id, result: '0x1' }));
}

function onItem(bytes) {
  const text = bytes.toString();
  if (text.startsWith('{"jsonrpc":"2.0","method":')) {
    for (const client of everybody) client.send(text);
    if (byAddress.size > 0) {
      const wanted = byAddress.get(JSON.parse(text).params.result.address);
      if (wanted) for (const client of wanted) client.send(text);
    }
  }
}

const upstream = new WebSocket('ws://127.0.0.1:' + upstreamPort, { perMessageDeflate: false });
upstream.on('open', () => {
  const params = kind === 'logs' ? [kind, {}] : [kind];
  upstream.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params }));
  const server = new WebSocket.Server({ port, host: '127.0.0.1', perMessageDeflate: false, backlog: 4096 });
  server.on('connection', (client) => {
    client.on('message', (bytes) => {
      const call = JSON.parse(bytes);
      if (call.method === 'eth_subscribe') subscribe(client, call);
    });
    client.on('error', () => client.terminate());
  });
});
upstream.on('message', onItem);
upstream.on('error', (error) => { console.error(String(error)); process.exit(1); });
