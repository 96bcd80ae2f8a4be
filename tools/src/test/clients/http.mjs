// Calls over HTTP, with viem or ethers, against a fresh chain that does not mine by itself:
//     node http.mjs viem|ethers <url>    one JSON object of everything seen, on stdout
import { createPublicClient, createWalletClient, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { JsonRpcProvider, Network, Wallet } from 'ethers';
import { FIRST, FIRST_KEY, SECOND } from './scenario.mjs';
import { NOTED_CODE, notedCall } from './noted-contract.mjs';

const [library, url] = process.argv.slice(2);

const viem = () => {
  // `batch` makes viem send what is asked in one turn as one array.
  const transport = http(url, { batch: true, retryCount: 0 });
  const reader = createPublicClient({ chain: foundry, transport, cacheTime: 0, pollingInterval: 20 });
  const wallet = createWalletClient({ chain: foundry, transport, account: privateKeyToAccount(FIRST_KEY) });
  return {
    request: (method, params) => reader.request({ method, params }),
    chainId: () => reader.getChainId(),
    balance: (address) => reader.getBalance({ address }),
    send: (transaction) => wallet.sendTransaction(transaction),
    receipt: (hash) => reader.waitForTransactionReceipt({ hash }),
    logs: (address) => reader.getLogs({ address, fromBlock: 0n }),
    errorOf: (error) => error.walk((cause) => cause.name === 'RpcRequestError').code,
  };
};

const ethers = () => {
  const provider = new JsonRpcProvider(url, Network.from(31337), { staticNetwork: true, cacheTimeout: -1 });
  provider.pollingInterval = 20;
  const wallet = new Wallet(FIRST_KEY, provider);
  return {
    request: (method, params) => provider.send(method, params),
    chainId: async () => (await provider.getNetwork()).chainId,
    balance: (address) => provider.getBalance(address),
    send: async (transaction) => (await wallet.sendTransaction(transaction)).hash,
    receipt: (hash) => provider.waitForTransaction(hash),
    logs: (address) => provider.getLogs({ address, fromBlock: 0 }),
    errorOf: (error) => error.error.code,
  };
};

const client = { viem, ethers }[library]();
const plain = (value) => JSON.parse(JSON.stringify(value, (key, item) => (typeof item === 'bigint' ? `${item}` : item)));
const mined = async (transaction) => {
  const hash = await client.send(transaction);
  await client.request('evm_mine', []);
  return plain(await client.receipt(hash));
};

const seen = {};
await client.request('anvil_setBlockTimestampInterval', [1]);
seen.together = plain(await Promise.all([client.chainId(), client.balance(FIRST), client.balance(SECOND)]));
const filter = await client.request('eth_newBlockFilter', []);
seen.transfer = await mined({ to: SECOND, value: 10n ** 18n });
seen.deploy = await mined({ data: NOTED_CODE });
seen.filtered = [];
// The relay may be told of a block a moment after its receipt can be had.
for (const end = Date.now() + 10_000; seen.filtered.length < 2 && Date.now() < end;) {
  seen.filtered.push(...await client.request('eth_getFilterChanges', [filter]));
}
const address = seen.deploy.contractAddress;
seen.calls = [];
for (const key of [7, 8]) {
  seen.calls.push(await mined({ to: address, data: notedCall(key, key * 11) }));
}
seen.logs = plain(await client.logs(address));
seen.balance = plain(await client.balance(SECOND));
seen.error = await client.request('eth_getBalance', ['nonsense', 'latest']).then(() => 'none', client.errorOf);
await new Promise((resolve) => process.stdout.write(JSON.stringify(seen) + '\n', resolve));
process.exit(0);
