package io.ringcast.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.RightsConfig;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Which methods pass, compared with the plain reading of the patterns. */
class MethodFilterTest
{
    @Test
    void shouldDenyANodesOwnAffairsGivenTheDefaultList()
    {
        final MethodFilter filter = new MethodFilter(List.of("*"), RightsConfig.DEFAULT_DENY, List.of("admin_peers"));

        for (final String method : List.of("admin_addPeer", "debug_setHead", "personal_sign", "engine_newPayloadV4",
            "miner_stop", "admin_", "debug_trace_x"))
        {
            assertFalse(isAllowed(filter, method), method);
        }
        for (final String method : List.of("eth_call", "Admin_addPeer", "admin", "adminx_y", "x_admin_y", "", "_",
            "admin_peers"))
        {
            assertTrue(isAllowed(filter, method), method);
        }
    }

    @Test
    void shouldLetDenyWinGivenBoth()
    {
        final MethodFilter filter = new MethodFilter(
            List.of("eth_*", "debug_trace*", "net_version"), List.of("eth_send*", "eth_sign"), List.of());

        assertTrue(isAllowed(filter, "eth_call"));
        assertTrue(isAllowed(filter, "debug_traceCall"));
        assertTrue(isAllowed(filter, "net_version"));
        assertFalse(isAllowed(filter, "eth_sendRawTransaction"));
        assertFalse(isAllowed(filter, "eth_sign"));
        assertTrue(isAllowed(filter, "eth_signature"));
        assertFalse(isAllowed(filter, "debug_setHead"));
        assertFalse(isAllowed(filter, "net_versions"));
        assertFalse(isAllowed(new MethodFilter(List.of(), List.of(), List.of()), "eth_call"));
    }

    @RepeatedTest(200)
    void shouldAgreeWithThePlainReadingGivenRandomPatterns(final RepetitionInfo repetition)
    {
        final Random random = new Random(repetition.getCurrentRepetition());
        final List<String> allow = patterns(random);
        final List<String> deny = patterns(random);
        final List<String> exempt = patterns(random);
        final MethodFilter filter = new MethodFilter(allow, deny, exempt);

        for (int i = 0; i < 100; i++)
        {
            final String method = word(random);
            assertEquals(matches(allow, method) && (!matches(deny, method) || matches(exempt, method)),
                isAllowed(filter, method), () -> method + " by " + allow + deny + exempt);
        }
    }

    private static boolean isAllowed(final MethodFilter filter, final String method)
    {
        final byte[] text = ("\"" + method + "\"").getBytes(StandardCharsets.UTF_8);
        return filter.isAllowed(text, 1, text.length - 2);
    }

    private static boolean matches(final List<String> patterns, final String method)
    {
        return patterns.stream().anyMatch(pattern -> pattern.endsWith("*") ?
            method.startsWith(pattern.substring(0, pattern.length() - 1)) : method.equals(pattern));
    }

    private static List<String> patterns(final Random random)
    {
        final List<String> patterns = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--)
        {
            patterns.add(word(random) + (random.nextBoolean() ? "*" : random.nextBoolean() ? "_*" : ""));
        }
        patterns.remove("*");
        return patterns;
    }

    private static String word(final Random random)
    {
        final StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--)
        {
            word.append("ab_".charAt(random.nextInt(3)));
        }
        return word.toString();
    }
}
