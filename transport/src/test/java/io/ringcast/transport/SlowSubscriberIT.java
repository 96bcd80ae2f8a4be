package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.door.SocketOutlet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A subscriber that asked to be waited for costs a fixed budget while it does not read, and the others nothing. */
class SlowSubscriberIT
{
    private static final int ITEM_BYTES = 20_000;

    private TestBed bed;

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    void shouldHoldNoMoreForANeverReadingSubscriberAndGiveItTheNewestLater(final Mode mode) throws Exception
    {
        bed = TestBed.start(mode, config -> { });
        final RawClient fast = bed.client();
        final String id = fast.subscribe("[\"newHeads\"]");
        final RawClient slow = bed.add(RawClient.connect(bed.address(), 4_096));
        slow.subscribe("[\"newHeads\",{\"relay\":{\"lag\":{\"policy\":\"conflate\"}}}]");
        bed.upstream().publish("newHeads", item(0));
        assertEquals(FakeUpstream.item(id, item(0)), fast.readText());
        assertEquals(FakeUpstream.item(id, item(0)), slow.readText());

        int last = 0;
        while (last < 200 || bed.count(RelayCounter.LAGS_BEGUN) == 0)
        {
            assertTrue(++last < 3_000, "it never falls behind");
            bed.upstream().publish("newHeads", item(last));
            assertEquals(FakeUpstream.item(id, item(last)), fast.readText());
        }
        final int fellBehind = last;
        while (last < fellBehind + 300)
        {
            bed.upstream().publish("newHeads", item(++last));
            assertEquals(FakeUpstream.item(id, item(last)), fast.readText());
        }
        final long unsent = bed.relay().server().unsentBytes();
        assertTrue(unsent <= SocketOutlet.PATIENT_BYTES, unsent + " bytes wait");

        int seen = 0;
        int next = number(slow.readText());
        while (next < last)
        {
            seen++;
            next = number(slow.readText());
        }
        assertEquals(last, next);
        bed.assertCount(RelayCounter.ITEMS_MERGED, last - 1 - seen);
        bed.upstream().publish("newHeads", item(++last));
        assertEquals(FakeUpstream.item(id, item(last)), fast.readText());
        assertEquals(last, number(slow.readText()), "it is live again");
        assertEquals(0, bed.count(RelayCounter.CLOSED_SLOW));
        TestBed.await("nothing unsent", () -> bed.relay().server().unsentBytes() == 0);
    }

    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    void shouldSayWhereToResumeGivenASubscriberThatIsCutOff(final Mode mode) throws Exception
    {
        bed = TestBed.start(mode, config -> config.limits(
            config.limits().toBuilder().writeBufferBytes(256 * 1024).build()));
        final RawClient fast = bed.client();
        final String id = fast.subscribe("[\"newHeads\"]");
        final RawClient slow = bed.add(RawClient.connect(bed.address(), 4_096));
        slow.subscribe("[\"newHeads\"]");
        int last = 0;
        while (bed.count(RelayCounter.CLOSED_SLOW) == 0)
        {
            assertTrue(++last < 3_000, "it is never cut off");
            bed.upstream().publish("newHeads", item(last));
            assertEquals(FakeUpstream.item(id, item(last)), fast.readText());
        }

        int seen = 0;
        RawClient.Frame frame = slow.read();
        while (frame.opcode() == RawClient.TEXT)
        {
            seen = number(frame.text());
            frame = slow.read();
        }
        final String reason =
            new String(frame.payload(), 2, frame.payload().length - 2, StandardCharsets.US_ASCII);
        assertTrue(reason.matches("slow;e=[0-9a-z]{7};q=" + seen), reason + " after " + seen);
        final RawClient again = bed.client();
        again.subscribe("[\"newHeads\",{\"relay\":{\"resume\":{\"e\":\"" + reason.substring(7, 14) + "\",\"q\":" +
            seen + "}}}]");
        bed.upstream().publish("newHeads", item(last + 1));
        while (seen < last + 1)
        {
            assertEquals(++seen, number(again.readText()));
        }
    }

    private static int number(final String text) throws IOException
    {
        return Integer.parseInt(text.replaceAll(".*\"n([0-9]+)x.*", "$1"));
    }

    private static String item(final int number)
    {
        return "\"n" + number + "x".repeat(ITEM_BYTES) + '"';
    }
}
