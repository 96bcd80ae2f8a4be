package io.ringcast.tools.clients;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.reactivex.Flowable;
import io.reactivex.disposables.Disposable;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.response.EthUnsubscribe;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.core.methods.response.VoidResponse;
import org.web3j.protocol.exceptions.TransactionException;
import org.web3j.protocol.websocket.events.Notification;
import org.web3j.tx.RawTransactionManager;
import org.web3j.tx.response.PollingTransactionReceiptProcessor;
import org.web3j.utils.Convert;

/** The `run` mode of {@code scenario.mjs}, step for step, with web3j. Confined to the test thread. */
final class Web3jScenario
{
    /** The first account of the node's well-known test phrase; it holds nothing anywhere else. */
    private static final String FIRST_KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    private static final long CHAIN_ID = 31337;
    private static final BigInteger GAS_LIMIT = BigInteger.valueOf(100_000);
    private static final int POLL_MS = 50;
    private static final int POLLS = 600;

    private final ObjectMapper mapper = new ObjectMapper();
    private final ObjectNode seen = mapper.createObjectNode();
    private final Arrivals<JsonNode> heads = new Arrivals<>("head");
    private final Arrivals<JsonNode> logs = new Arrivals<>("log");
    private final Arrivals<JsonNode> pending = new Arrivals<>("pending transaction");
    private final Credentials first = Credentials.create(FIRST_KEY);
    private final Web3jClient.Connection connection;
    private final AnvilNode node;
    private final RawTransactionManager wallet;
    private final PollingTransactionReceiptProcessor receipts;

    Web3jScenario(final Web3jClient.Connection connection, final AnvilNode node)
    {
        this.connection = connection;
        this.node = node;
        this.wallet = new RawTransactionManager(connection.web3j, first, CHAIN_ID);
        this.receipts = new PollingTransactionReceiptProcessor(connection.web3j, POLL_MS, POLLS);
    }

    JsonNode run() throws IOException
    {
        node.call("anvil_setBlockTimestampInterval", 1);
        seen.put("chainId", connection.web3j.ethChainId().send().getChainId());
        seen.put("blockNumber", connection.web3j.ethBlockNumber().send().getBlockNumber());
        seen.put("balance", balance());

        final List<Disposable> subscriptions = new ArrayList<>();
        subscriptions.add(collect(connection.heads(), heads));
        subscriptions.add(collect(connection.pending(), pending));
        seen.set("transfer",
            sendAndWait(AnvilNode.SECOND_ACCOUNT, "", Convert.toWei("1", Convert.Unit.ETHER).toBigInteger()));
        seen.put("balanceAfter", balance());
        final JsonNode deploy = sendAndWait(null, NotedContract.CODE, BigInteger.ZERO);
        seen.set("deploy", deploy);
        final String address = deploy.get("contractAddress").asText();

        final List<?> topics =
            List.of(NotedContract.TOPIC, List.of(NotedContract.word(7), NotedContract.word(9)));
        subscriptions.add(collect(connection.logs(address, topics), logs));
        final ArrayNode calls = seen.putArray("calls");
        for (int key = 7; key <= 9; key++)
        {
            calls.add(sendAndWait(address, NotedContract.call(key, key * 11L), BigInteger.ZERO));
        }
        noteFromSecondWallet(address, 1234);
        for (int log = 0; log < 3; log++)
        {
            seen.withArray("logs").add(logs.next());
        }

        fail();
        endAndListen(subscriptions, address, topics);
        seen.put("blockNumberAtEnd", connection.web3j.ethBlockNumber().send().getBlockNumber());
        seen.put("closed", connection.socket.closed());
        seen.set("violations", Web3jClient.strings(connection.socket.violations()));
        return seen;
    }

    private BigInteger balance() throws IOException
    {
        return connection.web3j.ethGetBalance(first.getAddress(), DefaultBlockParameterName.LATEST).send()
            .getBalance();
    }

    private <T> Disposable collect(final Flowable<? extends Notification<T>> items, final Arrivals<JsonNode> arrivals)
    {
        return items.subscribe(item -> arrivals.add(mapper.valueToTree(item.getParams().getResult())),
            failure -> arrivals.add(TextNode.valueOf(failure.toString())));
    }

    private JsonNode sendAndWait(final String to, final String input, final BigInteger value) throws IOException
    {
        final BigInteger price = connection.web3j.ethGasPrice().send().getGasPrice();
        final String hash = wallet.sendTransaction(price, GAS_LIMIT, to, input, value).getTransactionHash();
        seen.withArray("pending").add(pending.next());

        final CompletableFuture<TransactionReceipt> receipt = CompletableFuture.supplyAsync(() ->
        {
            try
            {
                return receipts.waitForTransactionReceipt(hash);
            }
            catch (final IOException | TransactionException failure)
            {
                throw new AssertionError("no receipt of " + hash, failure);
            }
        });
        node.mine();
        seen.withArray("heads").add(heads.next());
        return mapper.valueToTree(receipt.orTimeout(Arrivals.PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
    }

    private void noteFromSecondWallet(final String address, final long value)
    {
        NotedContract.send(node, address, 9, value);
        seen.withArray("pending").add(pending.next());
        node.mine();
        seen.withArray("heads").add(heads.next());
    }

    private void fail() throws IOException
    {
        final ObjectNode errors = seen.putObject("errors");
        errors.set("unknownMethod", failure("eth_noSuchMethod", List.of()));
        errors.set("wrongParams", failure("eth_getBalance", List.of("0x12")));
        errors.set("revert", failure("eth_call",
            List.of(Map.of("from", first.getAddress(), "data", "0x602a60005260206000fd"), "latest")));
    }

    private JsonNode failure(final String method, final List<?> params) throws IOException
    {
        final Response.Error error =
            new Request<>(method, params, connection.service, VoidResponse.class).send().getError();
        return mapper.valueToTree(error);
    }

    /** The same three kinds again, to prove that items still flow while the first three must be silent. */
    private void endAndListen(final List<Disposable> subscriptions, final String address, final List<?> topics)
        throws IOException
    {
        collect(connection.heads(), heads);
        collect(connection.pending(), pending);
        collect(connection.logs(address, topics), logs);
        final List<String> all = connection.socket.subscriptions();
        final List<String> fences = all.subList(subscriptions.size(), all.size());
        subscriptions.forEach(Disposable::dispose);
        connection.socket.awaitEnded(subscriptions.size());
        for (int round = 1; round <= 2; round++)
        {
            NotedContract.send(node, address, 9, round);
            connection.socket.awaitItems(fences.get(1), round);
            node.mine();
            for (final String fence : fences)
            {
                connection.socket.awaitItems(fence, round);
            }
        }
        for (final String fence : fences)
        {
            seen.withArray("unsubscribed").add(new Request<>(
                "eth_unsubscribe", List.of(fence), connection.service, EthUnsubscribe.class).send().getResult());
        }
    }
}
