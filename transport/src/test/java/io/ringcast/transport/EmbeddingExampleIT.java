package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** That the example in {@code docs/embedding.md} is what is compiled here, and does what it says. */
class EmbeddingExampleIT
{
    private static final Path SOURCE = Path.of("src/test/java/io/ringcast/transport/EmbeddingExample.java");
    private static final Path DOCUMENT = Path.of("../docs/embedding.md");

    @Test
    void shouldBeTheCodeInTheDocument() throws IOException
    {
        assertEquals(
            between(Files.readString(SOURCE), "// tag::example[]\n", "// end::example[]\n"),
            between(Files.readString(DOCUMENT), "```java\n", "```\n"));
    }

    @Test
    void shouldPrintThreeHeadsAndStop() throws Exception
    {
        final PrintStream usual = System.out;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (FakeUpstream upstream = FakeUpstream.start())
        {
            upstream.on("eth_subscribe", call ->
            {
                upstream.grant(call);
                for (int i = 1; i <= 3; i++)
                {
                    upstream.publish("newHeads", "{\"number\":\"0x" + i + "\"}");
                }
            });
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));

            EmbeddingExample.main(new String[]{upstream.url()});
        }
        finally
        {
            System.setOut(usual);
        }

        final String text = printed.toString(StandardCharsets.UTF_8);
        for (int i = 1; i <= 3; i++)
        {
            assertTrue(text.contains(i + " {\"number\":\"0x" + i + "\"}\n"), text);
        }
        assertTrue(text.contains("clients may connect to ws://127.0.0.1:"), text);
    }

    private static String between(final String text, final String before, final String behind)
    {
        final int start = text.indexOf(before) + before.length();
        return text.substring(start, text.indexOf(behind, start));
    }
}
