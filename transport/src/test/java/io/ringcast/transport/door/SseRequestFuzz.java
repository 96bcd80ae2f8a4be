package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.FrameView;
import io.ringcast.fuzz.KeptInputs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Any URL of a stream: refused in plain words, or made into as many subscribes as it names. */
class SseRequestFuzz
{
    private static final int RUNS = 5_000;
    private static final int MAX_SUBSCRIPTIONS = 8;
    private static final List<String> METHODS = List.of("eth_subscribe", "admin_peerEvents");
    private static final NetworkConfig NETWORK = NetworkConfig.builder().upstream("ws://127.0.0.1:1")
        .subscriptionMethod(SubscriptionMethod.of("admin_peerEvents")).build();

    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameView all = new FrameView();
    private final FrameView element = new FrameView();

    @FuzzTest(maxDuration = "10m")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void shouldRefuseOrSubscribe(final byte[] uri)
    {
        final SseRequest request = SseRequest.of(
            new String(uri, StandardCharsets.ISO_8859_1), MAX_SUBSCRIPTIONS, NETWORK, SsePosition.of(null));

        if (request.fault() != null)
        {
            assertTrue(request.fault().reason().matches("[ -~\u2026]+"), request.fault().reason());
            return;
        }
        final byte[] text = request.text().getBytes(StandardCharsets.UTF_8);
        decoder.decode(text, 0, text.length, all);
        assertEquals(FrameKind.BATCH, all.kind);
        assertEquals(request.count(), all.elementCount);
        assertTrue(request.count() > 0 && request.count() <= MAX_SUBSCRIPTIONS);
        for (int i = 0; i < all.elementCount; i++)
        {
            decoder.decode(text, all.elementOffsets[i], all.elementLengths[i], element);
            assertEquals(FrameKind.CALL, element.kind);
            assertTrue(METHODS.contains(text(text, element.methodOffset, element.methodLength)));
            assertEquals(String.valueOf(i + 1), text(text, element.idOffset, element.idLength));
        }
    }

    @Test
    void shouldRefuseOrSubscribeGivenChangedInputs()
    {
        new KeptInputs(SseRequestFuzz.class, "shouldRefuseOrSubscribe",
            "&sub=newHeads", "&sub=logs", "&address=0x12", "&topics=", "0x" + "ab".repeat(32), ",", "|", "%7C", "%2C",
            "%22", "%00", "&relay=stamps", "&relay.", "relay=", "%", "&full=true", "&full=",
            "&sub=newPendingTransactions", "?", "&", "=", "+", "\"", "null", "&sub=admin_peerEvents",
            "&params=", "[\"newHeads\"]", "{}", "[]},{\"jsonrpc\":\"2.0\",\"id\":9", "%5B", "%5D", "%C3%A9")
            .change(RUNS, this::shouldRefuseOrSubscribe);
    }

    private static String text(final byte[] bytes, final int offset, final int length)
    {
        return new String(bytes, offset, length, StandardCharsets.US_ASCII);
    }
}
