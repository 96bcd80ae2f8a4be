package io.ringcast.transport;

import io.ringcast.config.CoreList;
import io.ringcast.config.HostPort;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.ProfileChoice;
import io.ringcast.config.RelayConfig;
import io.ringcast.transport.loop.IoTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets the compiler see the relay's work before there are clients: heads, bursts, filtered logs and calls go through a
 * relay of its own, on loopback, with a node and clients that are this thread.
 * Confined to the thread that starts the relay.
 *
 * <p>It takes real sockets, since code that is compiled for other kinds of outlets is compiled again when the first
 * sockets come.
 */
final class WarmUp
{
    private static final Logger LOGGER = LoggerFactory.getLogger(WarmUp.class);
    private static final int TIMEOUT_MS = 2_000;
    private static final int HEADS_CLIENTS = 4;
    private static final int LOGS_CLIENTS = 2;
    private static final int BURST_ITEMS = 8;
    private static final int BURST_EVERY = 16;
    /** Of so many rounds one is a head and nothing else, which leaves by a way of its own. */
    private static final int LONE_HEAD_EVERY = 3;
    /**
     * Before so many rounds one client leaves and another comes. What is compiled without having seen that is thrown
     * away when the first thousand subscribe, and C2 was busy for ten seconds with compiling it again.
     */
    private static final int NEW_CLIENT_EVERY = 16;
    /** By then the compiler has been through with everything on this path; see docs/benchmarks.md. */
    private static final int ENOUGH_ROUNDS = 20_000;
    private static final String CALL_METHOD = "eth_getBalance";
    private static final Pattern CALL = Pattern.compile("\"id\":([0-9]+)[,}]");

    private final long atMostMs;
    private final List<WarmUpSocket> headsClients = new ArrayList<>();
    private final List<WarmUpSocket> logsClients = new ArrayList<>();
    private final WarmUpBlock emptyBlock = new WarmUpBlock(false, LOGS_CLIENTS);
    private final WarmUpBlock block = new WarmUpBlock(true, LOGS_CLIENTS);
    private final byte[] call =
        ascii("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"" + CALL_METHOD + "\",\"params\":[\"0x" +
            "0".repeat(40) + "\",\"latest\"]}");
    private WarmUpSocket node;
    private int blockCount;

    private WarmUp(final long atMostMs)
    {
        this.atMostMs = atMostMs;
    }

    /**
     * Runs.
     *
     * @param config    of the relay that is to start.
     * @param transport what that relay has settled on.
     * @param atMostMs  how long traffic may flow.
     */
    static void run(final RelayConfig config, final IoTransport transport, final long atMostMs)
    {
        final long startNs = System.nanoTime();
        final WarmUp warmUp = new WarmUp(atMostMs);
        int rounds = 0;
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            listener.setSoTimeout(TIMEOUT_MS);
            rounds = warmUp.run(configFor(config, transport, listener.getLocalPort()), listener);
        }
        catch (final IOException e)
        {
            // A relay that was not warmed up serves all the same.
            LOGGER.warn("the warm-up ended early: {}", e.getMessage());
        }
        LOGGER.info("warmed up in {} ms with {} rounds of items and calls",
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs), rounds);
    }

    private int run(final RelayConfig config, final ServerSocket listener) throws IOException
    {
        try (Relay relay = Relay.startQuietly(config))
        {
            node = WarmUpSocket.accept(listener.accept(), TIMEOUT_MS);
            for (int i = 0; i < HEADS_CLIENTS; i++)
            {
                headsClients.add(subscribe(relay, "[\"newHeads\"]", "0x1", i == 0));
            }
            for (int i = 0; i < LOGS_CLIENTS; i++)
            {
                final String filter = "{\"address\":\"" + WarmUpBlock.address(i) + "\"}";
                logsClients.add(subscribe(relay, "[\"logs\"," + filter + "]", "0x2", i == 0));
            }
            final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atMostMs);
            int rounds = 0;
            while (rounds < ENOUGH_ROUNDS && System.nanoTime() - deadlineNs < 0)
            {
                if (rounds % NEW_CLIENT_EVERY == 0)
                {
                    replaceClient(relay, rounds / NEW_CLIENT_EVERY % HEADS_CLIENTS);
                }
                round(rounds++);
            }
            return rounds;
        }
        finally
        {
            headsClients.forEach(WarmUpSocket::close);
            logsClients.forEach(WarmUpSocket::close);
            if (node != null)
            {
                node.close();
            }
        }
    }

    /** The same kinds of threads and sockets, so that the same code runs; no waits, no bounds on cores. */
    private static RelayConfig configFor(final RelayConfig config, final IoTransport transport, final int nodePort)
    {
        final RelayConfig.Builder builder = RelayConfig.builder()
            .listen(new HostPort(InetAddress.getLoopbackAddress().getHostAddress(), 0))
            .threading(config.threading())
            .transport(transport.choice())
            .ioThreads(1)
            .warmUpMs(0)
            .profile(ProfileChoice.DEFAULT)
            .cores(CoreList.NONE)
            .network(NetworkConfig.builder().name("warm-up")
                .upstream("ws://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + nodePort));
        return builder.timing(builder.timing().toBuilder().activationFallbackMs(1).drainMs(0).build()).build();
    }

    private WarmUpSocket subscribe(
        final Relay relay, final String params, final String upstreamId, final boolean isFirst) throws IOException
    {
        final WarmUpSocket client = WarmUpSocket.connect(relay.address(), TIMEOUT_MS);
        client.write(ascii("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":" + params + "}"));
        client.flush();
        if (isFirst)
        {
            answer("eth_subscribe", upstreamId);
        }
        client.skip();
        return client;
    }

    private void round(final int number) throws IOException
    {
        if (number % LONE_HEAD_EVERY == 0)
        {
            loneHead();
            return;
        }
        final int items = number % BURST_EVERY == 0 ? BURST_ITEMS : 1;
        for (int i = 1; i < items; i++)
        {
            node.write(emptyBlock.head(blockCount++));
        }
        node.write(block.head(blockCount));
        node.write(block.log(blockCount++, number % LOGS_CLIENTS));
        node.flush();
        for (int i = 0; i < items * HEADS_CLIENTS; i++)
        {
            headsClients.get(i % HEADS_CLIENTS).skip();
        }
        logsClients.get(number % LOGS_CLIENTS).skip();
        headsClients.get(0).write(call);
        headsClients.get(0).flush();
        answer(CALL_METHOD, "0x0234c8a3397aab58");
        headsClients.get(0).skip();
    }

    private void replaceClient(final Relay relay, final int index) throws IOException
    {
        headsClients.get(index).close();
        final WarmUpSocket client = subscribe(relay, "[\"newHeads\"]", "0x1", false);
        headsClients.set(index, client);
        client.answerPing();
    }

    private void loneHead() throws IOException
    {
        node.write(emptyBlock.head(blockCount++));
        node.flush();
        for (final WarmUpSocket client : headsClients)
        {
            client.skip();
        }
    }

    /** Answers the next call of a method; what else the relay asks, this node does not know. */
    private void answer(final String method, final String result) throws IOException
    {
        String text = node.read();
        while (!text.contains(method))
        {
            answerText(text, "null");
            text = node.read();
        }
        answerText(text, '"' + result + '"');
    }

    private void answerText(final String call, final String resultJson) throws IOException
    {
        final Matcher id = CALL.matcher(call);
        if (!id.find())
        {
            throw new IOException("a call without an id: " + call);
        }
        node.write(ascii("{\"jsonrpc\":\"2.0\",\"id\":" + id.group(1) + ",\"result\":" + resultJson + "}"));
        node.flush();
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
