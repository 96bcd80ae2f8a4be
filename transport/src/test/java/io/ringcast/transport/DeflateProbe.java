package io.ringcast.transport;

import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TransportChoice;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A program for the figures of ADR 20: what plain and compressed subscribers cost the pipeline, the loop and the link.
 * It tests nothing, since times on a shared machine are no measure for a build.
 * Confined to the main thread.
 */
final class DeflateProbe
{
    private static final String OFFER = "permessage-deflate; client_max_window_bits";
    private static final int WARMUP_ITEMS = 300;
    private static final int MEASURED_ITEMS = 300;
    private static final long PATIENCE_MS = 600_000;

    private DeflateProbe()
    {
    }

    /**
     * Measures, alternating, and prints a line for each round.
     *
     * @param arguments how many subscribers, and how many rounds.
     * @throws IOException if a socket fails.
     */
    public static void main(final String[] arguments) throws IOException
    {
        final int subscribers = arguments.length == 0 ? 1_000 : Integer.parseInt(arguments[0]);
        final int rounds = arguments.length < 2 ? 3 : Integer.parseInt(arguments[1]);
        for (int round = 0; round < rounds; round++)
        {
            for (final boolean isDeflating : new boolean[]{false, true})
            {
                measure(subscribers, isDeflating);
            }
        }
    }

    private static void measure(final int subscribers, final boolean isDeflating) throws IOException
    {
        final Mode mode = new Mode(TransportChoice.EPOLL, ThreadingChoice.SHARED, 1);
        try (TestBed bed = TestBed.start(mode, config -> config
            .doors(config.doors().toBuilder().deflateMinBytes(512).build())
            .timing(config.timing().toBuilder().pingIdleMs(PATIENCE_MS).build())))
        {
            final List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < subscribers; i++)
            {
                final RawClient client = bed.add(isDeflating ?
                    RawClient.connect(bed.address(), 0, OFFER) : RawClient.connect(bed.address()));
                client.subscribe("[\"measured\"]");
                clients.add(client);
            }
            feed(bed, clients, WARMUP_ITEMS);
            final long bytes = clients.get(0).frameBytes();
            final long pipelineNs = cpuNs("-pipeline");
            final long loopNs = cpuNs("ringcast-io-");
            feed(bed, clients, MEASURED_ITEMS);
            System.out.printf(Locale.ROOT,
                "%s: pipeline %.1f us an item, loop %.2f us a message, %d bytes a message%n",
                isDeflating ? "compressed" : "plain", (cpuNs("-pipeline") - pipelineNs) / 1e3 / MEASURED_ITEMS,
                (cpuNs("ringcast-io-") - loopNs) / 1e3 / MEASURED_ITEMS / subscribers,
                (clients.get(0).frameBytes() - bytes) / MEASURED_ITEMS);
        }
    }

    private static void feed(final TestBed bed, final List<RawClient> clients, final int items) throws IOException
    {
        for (int i = 0; i < items; i++)
        {
            bed.upstream().publish("measured", head(i));
            for (final RawClient client : clients)
            {
                client.read();
            }
        }
    }

    private static long cpuNs(final String threadName)
    {
        final ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (final ThreadInfo thread : bean.getThreadInfo(bean.getAllThreadIds()))
        {
            if (thread != null && thread.getThreadName().contains(threadName))
            {
                sum += bean.getThreadCpuTime(thread.getThreadId());
            }
        }
        return sum;
    }

    /** As a busy chain's: the bloom and the hashes are noise. */
    private static String head(final int number)
    {
        final SplittableRandom random = new SplittableRandom(number);
        final StringBuilder head =
            new StringBuilder("{\"number\":\"0x").append(Integer.toHexString(number)).append('"');
        for (final String name : List.of("hash", "parentHash", "sha3Uncles", "stateRoot", "transactionsRoot",
            "receiptsRoot", "mixHash", "withdrawalsRoot", "parentBeaconBlockRoot"))
        {
            hex(head, name, 64, random);
        }
        hex(head, "logsBloom", 512, random);
        hex(head, "miner", 40, random);
        hex(head, "extraData", 20, random);
        return head.append(",\"difficulty\":\"0x0\",\"gasLimit\":\"0x1c9c380\",\"gasUsed\":\"0xd4f5a1\"," +
            "\"timestamp\":\"0x66f1b2c3\",\"nonce\":\"0x0000000000000000\",\"baseFeePerGas\":\"0x2540be400\"," +
            "\"blobGasUsed\":\"0x60000\",\"excessBlobGas\":\"0x4b80000\"}").toString();
    }

    private static void hex(
        final StringBuilder head, final String name, final int digits, final SplittableRandom random)
    {
        head.append(",\"").append(name).append("\":\"0x");
        for (int i = 0; i < digits; i++)
        {
            head.append(Character.forDigit(random.nextInt(16), 16));
        }
        head.append('"');
    }
}
