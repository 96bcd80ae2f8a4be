package io.ringcast.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class PermessageDeflateTest
{
    private static final String TAKEN = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    @ParameterizedTest
    @ValueSource(strings = {
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate;client_max_window_bits=\"9\"; server_no_context_takeover",
        " Permessage-Deflate ; client_no_context_takeover",
        "x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=10, permessage-deflate"})
    void shouldTakeWhatNeedsNoOtherWindow(final String offer)
    {
        assertEquals(TAKEN, PermessageDeflate.answerTo(List.of(offer)));
    }

    @Test
    void shouldRepeatAWindowOf15Bits()
    {
        assertEquals(TAKEN + "; server_max_window_bits=15",
            PermessageDeflate.answerTo(List.of("foo", "permessage-deflate; server_max_window_bits=15")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", ",", ";", "deflate", "permessage-deflate; server_max_window_bits=10",
        "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=015",
        "permessage-deflate; client_max_window_bits=16", "permessage-deflate; client_max_window_bits=",
        "permessage-deflate; server_no_context_takeover=1", "permessage-deflate; unknown", "permessage-deflate;",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=10"})
    void shouldPassOverWhatItCantDo(final String offer)
    {
        assertNull(PermessageDeflate.answerTo(List.of(offer)));
    }
}
