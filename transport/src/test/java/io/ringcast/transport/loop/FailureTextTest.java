package io.ringcast.transport.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads of a failed connection. Confined to the test thread. */
final class FailureTextTest
{
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:8546 | " +
            "Connection refused: /127.0.0.1:8546",
        "recvAddress(..) failed with error(-104): Connection reset by peer | Connection reset by peer",
        "connect(..) failed: No such file or directory: /n/none.ipc | No such file or directory: /n/none.ipc",
        "Connection refused: localhost:1 | Connection refused: localhost:1"})
    void shouldLeaveOutTheNameOfTheSystemCall(final String message, final String expected)
    {
        assertEquals(expected, FailureText.of(new IOException("outer", new ConnectException(message))));
    }

    @Test
    void shouldStayInOneLine()
    {
        assertEquals("a b", FailureText.of(new IOException("a\r\nb")));
    }
}
