package io.ringcast.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class LiveScreenTest
{
    private final StringWriter out = new StringWriter();

    private LiveScreen screen(final boolean isTerminal, final String typed)
    {
        return new LiveScreen(new PrintWriter(out), isTerminal,
            new ByteArrayInputStream(typed.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void shouldPrintOneBelowTheOtherWhenThereIsNoTerminal()
    {
        final LiveScreen screen = screen(false, "\n");
        screen.draw(List.of("a", "b"));
        screen.draw(List.of("c"));

        assertEquals(List.of("a", "b", "c"), out.toString().lines().toList());
        assertFalse(screen.takeEnter());
    }

    @Test
    void shouldGoBackToTheFirstLineWhenThereIsATerminal()
    {
        final LiveScreen screen = screen(true, "");
        screen.draw(List.of("a", "b"));
        screen.draw(List.of("c"));

        assertEquals("a\u001b[K\nb\u001b[K\n\u001b[J" + "\u001b[2Fc\u001b[K\n\u001b[J", out.toString());
    }

    @Test
    void shouldGoBackOverTheLineThatEnterHasEnded()
    {
        final LiveScreen screen = screen(true, "xy\n");
        screen.draw(List.of("a"));

        assertTrue(screen.takeEnter());
        assertFalse(screen.takeEnter());
        screen.draw(List.of("b"));

        assertTrue(out.toString().endsWith("\u001b[2Fb\u001b[K\n\u001b[J"), out.toString());
    }
}
