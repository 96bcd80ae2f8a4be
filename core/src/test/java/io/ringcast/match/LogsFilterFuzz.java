package io.ringcast.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringcast.config.Dialect;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.LogsMode;
import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.FrameView;
import io.ringcast.fuzz.KeptInputs;
import io.ringcast.session.DeliveryOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Any params of a subscribe that are JSON: refused in words, or brought to a form that stays what it is. */
class LogsFilterFuzz
{
    private static final int RUNS = 10_000;

    private final SubscriptionParser parser = new SubscriptionParser(
        Dialect.ETHEREUM, LogsMode.MATCH, LimitsConfig.defaults(), OwnTopicsConfig.none());
    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameView view = new FrameView();

    @FuzzTest(maxDuration = "10m")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void shouldRefuseOrReadOnce(final byte[] params)
    {
        // Match gets params that the decoder has seen, and never others.
        decoder.decode(params, 0, params.length, view);
        if (view.kind != FrameKind.INVALID_JSON)
        {
            check("eth_subscribe", params, view.textOffset, view.textLength);
            check("other_subscribe", params, view.textOffset, view.textLength);
        }
    }

    @Test
    void shouldRefuseOrReadOnceGivenChangedInputs()
    {
        new KeptInputs(LogsFilterFuzz.class, "shouldRefuseOrReadOnce",
            "[", "]", "{", "}", ",", "\"", "null", "[\"logs\",{", "\"address\":", "\"topics\":",
            "{\"relay\":{}}", "{\"relay\":", "\"stamps\":true", "\"0x" + "aB".repeat(20) + "\"",
            "\"0x" + "0c".repeat(32) + "\"", "\\u0061", "1e999", "-", "123456789012345678901234567890", "false",
            "\"fromBlock\":\"0x1\"", " ", "\\\\", "\\\"")
            .change(RUNS, this::shouldRefuseOrReadOnce);
    }

    private void check(final String method, final byte[] params, final int offset, final int length)
    {
        final SubscriptionRequest request;
        try
        {
            request = parser.parse(method(method), params, offset, length, DeliveryOptions.PLAIN);
        }
        catch (final BadParams e)
        {
            assertNotEquals("", e.getMessage());
            return;
        }
        final byte[] canonical = request.canonicalParams().getBytes(StandardCharsets.UTF_8);
        final byte[] feed = request.feedParams().getBytes(StandardCharsets.UTF_8);
        assertTrue(isJson(canonical), request.canonicalParams());
        assertTrue(isJson(feed), request.feedParams());
        assertEquals(request.canonicalParams(), again(method, canonical).canonicalParams());
        assertEquals(request.feedParams(), again(method, canonical).feedParams());
        assertTrue(isJson(LogsFilterText.of(request.feedParams()).getBytes(StandardCharsets.UTF_8)));
        assertTrue(isJson(LogsFilterText.of(request.canonicalParams()).getBytes(StandardCharsets.UTF_8)));
        if (request.isFiltered())
        {
            assertEquals("[\"logs\"," + request.filters().get(0).canonicalJson() + "]", request.canonicalParams());
        }
    }

    private SubscriptionRequest again(final String method, final byte[] canonical)
    {
        try
        {
            return parser.parse(method(method), canonical, 0, canonical.length, DeliveryOptions.PLAIN);
        }
        catch (final BadParams e)
        {
            throw new AssertionError("refused the second time: " + new String(canonical, StandardCharsets.UTF_8), e);
        }
    }

    private boolean isJson(final byte[] text)
    {
        final FrameView own = new FrameView();
        decoder.decode(text, 0, text.length, own);
        return own.kind != FrameKind.INVALID_JSON;
    }

    private static SubscriptionMethod method(final String name)
    {
        return new SubscriptionMethod(name, "x_unsubscribe", "x_subscription");
    }
}
