package io.ringcast.pipeline;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Plays every file in {@code conversations/}: what the relay says, to the byte, and nothing more. */
class ConversationTest
{
    @TestFactory
    List<DynamicTest> shouldSayWhatTheConversationExpects() throws IOException, URISyntaxException
    {
        final Path folder =
            Path.of(Objects.requireNonNull(ConversationTest.class.getResource("/conversations")).toURI());
        try (Stream<Path> files = Files.list(folder))
        {
            final List<DynamicTest> tests = files
                .filter(file -> file.toString().endsWith(".txt"))
                .sorted()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> play(file)))
                .toList();
            assertFalse(tests.isEmpty());
            return tests;
        }
    }

    private static void play(final Path file) throws IOException
    {
        final List<String> lines = Files.readAllLines(file);
        assertTrue(lines.get(0).startsWith("// "), "a conversation begins with what it shows");
        try (Conversation conversation = new Conversation(file.getFileName().toString()))
        {
            conversation.play(lines);
        }
    }
}
