package io.ringcast.transport.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What auto takes on machines that lack one transport or the other. Confined to the test thread. */
final class IoTransportTest
{
    @ParameterizedTest
    @CsvSource({
        "false, '', EPOLL, EPOLL",
        "false, EPOLL, IO_URING, EPOLL IO_URING",
        "false, IO_URING, EPOLL, EPOLL",
        "false, EPOLL IO_URING, NIO, EPOLL IO_URING",
        "true, '', EPOLL, EPOLL",
        "true, EPOLL, NIO, EPOLL"})
    void shouldFallBackToTheNextThatWorks(
        final boolean isSpinning, final String broken, final IoTransport expected, final String tried)
    {
        final Set<IoTransport> missing = EnumSet.noneOf(IoTransport.class);
        words(broken).forEach(word -> missing.add(IoTransport.valueOf(word)));
        final List<String> asked = new ArrayList<>();

        final IoTransport taken = IoTransport.firstThatWorks(isSpinning, transport ->
        {
            asked.add(transport.name());
            return missing.contains(transport) ? "the kernel refuses it" : null;
        });

        assertEquals(expected, taken);
        assertEquals(words(tried), asked);
    }

    private static List<String> words(final String text)
    {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
