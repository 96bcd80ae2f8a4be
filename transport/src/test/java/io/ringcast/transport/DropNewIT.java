package io.ringcast.transport;

import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.OptionsParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The policy {@code dropNew} over each door, and each way to ask for it: who does not read gets later what came first,
 * is told how many items followed that it did not get, and is live again.
 */
class DropNewIT
{
    private static final int ITEM_BYTES = 20_000;
    private static final Pattern ITEM = Pattern.compile(
        "\"n(\\d+)x.*?\"q\":(\\d+)(?:.*\"lost\":\\{\"n\":(\\d+),\"from\":(\\d+),\"to\":(\\d+),\"why\":\"items\"})?");

    /** Reads the next text that has an item, however the door brings it. */
    private interface Reader
    {
        String next() throws IOException;
    }

    @TempDir
    Path directory;
    private TestBed bed;

    @AfterEach
    void stop()
    {
        bed.close();
    }

    @Test
    void shouldLeaveOutWhatIsNewGivenAWebSocketAndAnOptionBehindTheParams() throws IOException
    {
        start(DeliveryOptions.PLAIN);
        final RawClient slow = bed.add(RawClient.connect(bed.address(), 4_096));
        slow.subscribe("[\"newHeads\",{\"relay\":{\"stamps\":true,\"lag\":{\"policy\":\"dropNew\",\"maxItems\":7}}}]");

        check(slow::readText, 7);
    }

    @Test
    void shouldLeaveOutWhatIsNewGivenAWebSocketAndAConfiguration() throws IOException
    {
        start(new OptionsParser().readJson(
            "{\"stamps\":true,\"lag\":{\"policy\":\"dropNew\",\"maxItems\":5}}").options());
        final RawClient slow = bed.add(RawClient.connect(bed.address(), 4_096));
        slow.subscribe("[\"newHeads\"]");

        check(slow::readText, 5);
    }

    @Test
    void shouldLeaveOutWhatIsNewGivenAStreamOfEventsAndAQuery() throws IOException
    {
        start(DeliveryOptions.PLAIN);
        try (HttpTalk talk = HttpTalk.open(bed.address()))
        {
            talk.send("GET /sse?sub=newHeads&relay=stamps&relay.lag=dropNew&relay.lag.maxItems=6 HTTP/1.1\r\n" +
                "Host: a\r\n\r\n");
            assertEquals(200, talk.readHead().status());
            final SseBed.Stream stream = new SseBed.Stream(talk, null);
            stream.next();

            check(stream::next, 6);
        }
    }

    @Test
    void shouldLeaveOutWhatIsNewGivenASocketOfThisMachine() throws IOException
    {
        start(DeliveryOptions.PLAIN);
        try (IpcTalk slow = new IpcTalk(directory.resolve("relay.ipc")))
        {
            slow.call("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"," +
                "{\"relay\":{\"stamps\":true,\"lag\":{\"policy\":\"dropNew\",\"maxItems\":4}}}]}");

            check(slow::read, 4);
        }
    }

    private void start(final DeliveryOptions options) throws IOException
    {
        bed = TestBed.start(Mode.some().get(0), config ->
        {
            config.timing(config.timing().toBuilder().activationFallbackMs(1).build());
            config.networks().get(0).ipc(directory.resolve("relay.ipc")).options(options);
        });
    }

    /** One that reads paces the node; the other reads nothing until it has long fallen behind. */
    private void check(final Reader slow, final int maxItems) throws IOException
    {
        final RawClient fast = bed.client();
        fast.subscribe("[\"newHeads\"]");
        publish(fast, 0);
        assertTrue(slow.next().contains("\"n0x"));
        int last = 0;
        int more = 50;
        while (more > 0)
        {
            assertTrue(++last < 5_000, "it never falls behind");
            publish(fast, last);
            more -= bed.count(RelayCounter.LAGS_BEGUN) == 0 ? 0 : 1;
        }

        // What waited comes without a hole, and then the loss stands with the first item that is published behind it.
        int next = 1;
        while (bed.count(RelayCounter.SKIPPED_BY_ITEMS) == 0)
        {
            next = numberOf(slow.next(), next, 0) + 1;
        }
        final int skipped = (int)bed.count(RelayCounter.SKIPPED_BY_ITEMS);
        assertTrue(skipped > 40 - maxItems, () -> skipped + " left out");
        while (next <= last - skipped)
        {
            next = numberOf(slow.next(), next, 0) + 1;
        }
        publish(fast, last + 1);
        assertEquals(last + 1, numberOf(slow.next(), next, skipped));
        publish(fast, last + 2);
        assertEquals(last + 2, numberOf(slow.next(), last + 2, 0), "it is live again");
        assertEquals(0, bed.count(RelayCounter.CLOSED_SLOW));
    }

    private void publish(final RawClient fast, final int number) throws IOException
    {
        bed.upstream().publish("newHeads", "\"n" + number + "x".repeat(ITEM_BYTES) + '"');
        assertTrue(fast.readText().contains("\"n" + number + 'x'));
    }

    private static int numberOf(final String text, final int next, final int lost)
    {
        final Matcher item = ITEM.matcher(text);
        assertTrue(item.find(), () -> text.substring(Math.max(0, text.length() - 200)));
        final int number = Integer.parseInt(item.group(1));
        assertEquals(next + lost, number);
        assertEquals(lost == 0 ? null : String.valueOf(lost), item.group(3));
        if (lost > 0)
        {
            final long sequence = Long.parseLong(item.group(2));
            assertEquals(sequence - lost, Long.parseLong(item.group(4)));
            assertEquals(sequence - 1, Long.parseLong(item.group(5)));
        }
        return number;
    }
}
