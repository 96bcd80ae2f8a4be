// Clients that only take a URL lose their connection between blocks, on a fresh chain that does not mine by itself:
//     node session.mjs <relay> <node>    one JSON object of the heads that each saw, on stdout
// Between client and relay stands a proxy that cuts all connections and takes none for a while.
import { createServer, connect } from 'node:net';
import { randomUUID } from 'node:crypto';
import { WebSocketProvider } from 'ethers';
import { createPublicClient, webSocket } from 'viem';
import { Web3 } from 'web3';
import WebSocket from 'ws';
import { NodeControl } from './node-control.mjs';

const [relay, nodeUrl] = process.argv.slice(2);
const BLOCKS = 3;
const PONG = Buffer.from([0x8a, 0x88]);
const SUBSCRIBE = { jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] };

class Proxy {
  #pairs = new Set();
  #isCut = false;
  pongs = 0;

  static async start() {
    const proxy = new Proxy();
    const { hostname, port } = new URL(relay);
    const server = createServer((client) => {
      if (proxy.#isCut) {
        client.destroy();
        return;
      }
      const upstream = connect(port, hostname);
      const pair = [client, upstream];
      proxy.#pairs.add(pair);
      client.on('data', (bytes) => (proxy.pongs += bytes.includes(PONG) ? 1 : 0));
      client.pipe(upstream).pipe(client);
      for (const [socket, other] of [pair, [upstream, client]]) {
        socket.on('error', () => {});
        // Not destroyed: a reset could overtake the pong that the relay has yet to read.
        socket.on('close', () => {
          other.resume();
          other.end();
          proxy.#pairs.delete(pair);
        });
      }
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy.url = `ws://127.0.0.1:${server.address().port}`;
    return proxy;
  }

  cut() {
    this.#isCut = true;
    this.#pairs.forEach(([client]) => client.destroy());
  }

  mend() {
    this.#isCut = false;
  }
}

const until = async (what, isTrue) => {
  for (let i = 0; !isTrue(); i++) {
    if (i > 3_000) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

// Each gives a function that is called once the way is open again, for clients that do not come back by themselves.
const clients = {
  async ws(url, onHead) {
    const open = async () => {
      const socket = new WebSocket(url);
      socket.on('message', (text) => onHead(JSON.parse(text).params?.result.number));
      socket.on('error', () => {});
      await new Promise((resolve) => socket.once('open', resolve));
      socket.send(JSON.stringify(SUBSCRIBE));
      await new Promise((resolve) => socket.once('message', resolve));
    };
    await open();
    return open;
  },

  // It subscribes once, and then only listens.
  async listener(url, onHead) {
    const open = async () => {
      const socket = new WebSocket(`${url}&relay=restore`);
      socket.on('message', (text) => onHead(JSON.parse(text).params?.result.number));
      socket.on('error', () => {});
      await new Promise((resolve) => socket.once('open', resolve));
      return socket;
    };
    const first = await open();
    first.send(JSON.stringify(SUBSCRIBE));
    await new Promise((resolve) => first.once('message', resolve));
    return open;
  },

  async viem(url, onHead) {
    const transport = webSocket(url, { reconnect: { delay: 50, attempts: 1_000 }, retryCount: 0 });
    const client = createPublicClient({ transport });
    await client.transport.subscribe({
      params: ['newHeads'],
      onData: (data) => onHead(data.result.number),
      onError: () => {},
    });
    return () => {};
  },

  async ethers(url, onHead) {
    const open = async () => {
      const socket = new WebSocket(url);
      socket.on('error', () => {});
      // ethers does not tell when its subscription stands; the id that answers it is longer than any other answer.
      const stands = new Promise((resolve) => socket.on('message', (text) => text.length > 60 && resolve()));
      const provider = new WebSocketProvider(socket, 31337, { staticNetwork: true });
      await provider.on('block', (number) => onHead(`0x${number.toString(16)}`));
      await stands;
    };
    await open();
    return open;
  },

  async web3(url, onHead) {
    const provider = new Web3.providers.WebsocketProvider(
      `${url}&relay=restore`, {}, { autoReconnect: true, delay: 50, maxAttempts: 1_000 });
    const subscription = await new Web3(provider).eth.subscribe('newHeads');
    subscription.on('data', (head) => onHead(`0x${BigInt(head.number).toString(16)}`));
    subscription.on('error', () => {});
    provider.on('error', () => {});
    provider._socketConnection?.on?.('error', () => {});
    return () => {};
  },
};

process.on('unhandledRejection', () => {});
const control = await NodeControl.connect(nodeUrl);
await control.prepare();
let mined = 0;
const mine = async () => {
  for (let i = 0; i < BLOCKS; i++) {
    await control.mine();
    mined++;
  }
};
const result = {};
for (const [name, start] of Object.entries(clients)) {
  const proxy = await Proxy.start();
  const seen = [];
  const onHead = (number) => number && seen.push(Number(number));
  const first = mined + 1;
  const last = () => seen[seen.length - 1];
  const comeBack = await start(`${proxy.url}/?relay.session=${randomUUID()}`, onHead);
  await mine();
  await until(`${name}: heads`, () => last() === mined);
  const pongs = proxy.pongs;
  // The first may answer a ping from before the last head; the ping of the next one was sent when that had come.
  await until(`${name}: a pong behind them`, () => proxy.pongs > pongs + 1);
  proxy.cut();
  await mine();
  proxy.mend();
  await comeBack();
  await mine();
  await until(`${name}: all heads`, () => last() === mined);
  result[name] = seen.map((number) => number - first + 1);
}
await new Promise((resolve) => process.stdout.write(JSON.stringify(result) + '\n', resolve));
process.exit(0);
