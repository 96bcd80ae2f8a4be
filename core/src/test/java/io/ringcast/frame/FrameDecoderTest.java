package io.ringcast.frame;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FrameDecoderTest
{
    private static final String SUBSCRIBE =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";
    private static final String ITEM = "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\"," +
        "\"params\":{\"subscription\":\"0xa1\",\"result\":{\"number\":\"0x1\"}}}\n";

    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameView view = new FrameView();
    private byte[] bytes;

    @Nested
    class WhenTextIsCall
    {
        @Test
        void shouldNoteItsParts()
        {
            decode(" \n" + SUBSCRIBE + "\r\n\t ");

            assertEquals(FrameKind.CALL, view.kind);
            assertNull(view.refusal);
            assertEquals(SUBSCRIBE, part(view.textOffset, view.textLength));
            assertEquals("1", part(view.idOffset, view.idLength));
            assertEquals("eth_subscribe", part(view.methodOffset, view.methodLength));
            assertEquals("[\"newHeads\"]", part(view.paramsOffset, view.paramsLength));
            assertEquals(FrameView.ABSENT, view.resultOffset);
            assertEquals(FrameView.ABSENT, view.errorOffset);
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "1.0", "-1e9", "18446744073709551616", "\"\"", "\"a\\\"b\"", "null", "true"})
        void shouldKeepTheIdTokenByteForByte(final String id)
        {
            decode("{\"id\" : " + id + " ,\"method\":\"a\",\"jsonrpc\":\"2.0\"}");

            assertEquals(FrameKind.CALL, view.kind);
            assertEquals(id, part(view.idOffset, view.idLength));
        }

        @Test
        void shouldNotNoteASubscriptionGivenNamedParams()
        {
            decode("{\"jsonrpc\":\"2.0\",\"params\":{\"subscription\":1,\"result\":2,\"error\":3,\"error\":4}," +
                "\"method\":\"a\",\"id\":1}");

            assertEquals(FrameKind.CALL, view.kind);
            assertEquals(FrameView.ABSENT, view.subscriptionOffset);
            assertEquals(FrameView.ABSENT, view.itemOffset);
            assertEquals(FrameView.ABSENT, view.itemErrorOffset);
        }

        @Test
        void shouldIgnoreOtherMembers()
        {
            decode("{\"trace\":{\"id\":7,\"i\\u0064\":8},\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\"," +
                "\"trace\":[],\"Ids\":1,\"i@\":2}");

            assertEquals(FrameKind.CALL, view.kind);
            assertEquals("1", part(view.idOffset, view.idLength));
        }
    }

    @Nested
    class WhenTextIsNotification
    {
        @Test
        void shouldNoteSubscriptionAndItem()
        {
            decode(ITEM);

            assertEquals(FrameKind.NOTIFICATION, view.kind);
            assertEquals("\"0xa1\"", part(view.subscriptionOffset, view.subscriptionLength));
            assertEquals("{\"number\":\"0x1\"}", part(view.itemOffset, view.itemLength));
            assertEquals(FrameView.ABSENT, view.idOffset);
            assertEquals(FrameView.ABSENT, view.resultOffset);
            assertEquals(FrameView.ABSENT, view.itemErrorOffset);
        }

        @Test
        void shouldNoteThemInAnyOrder()
        {
            decode("{\"params\":{\"error\":{\"code\":1},\"more\":0,\"subscription\":12}," +
                "\"method\":\"a_subscription\",\"jsonrpc\":\"2.0\"}");

            assertEquals(FrameKind.NOTIFICATION, view.kind);
            assertEquals("12", part(view.subscriptionOffset, view.subscriptionLength));
            assertEquals("{\"code\":1}", part(view.itemErrorOffset, view.itemErrorLength));
            assertEquals(FrameView.ABSENT, view.itemOffset);
        }

        @ParameterizedTest
        @ValueSource(strings = {"[1,2]", "{}", "null", "\"subscription\"", "[{\"subscription\":1}]"})
        void shouldNoteNoSubscriptionGivenOtherParams(final String params)
        {
            decode("{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":" + params + "}");

            assertEquals(FrameKind.NOTIFICATION, view.kind);
            assertEquals(params, part(view.paramsOffset, view.paramsLength));
            assertEquals(FrameView.ABSENT, view.subscriptionOffset);
        }

        @ParameterizedTest
        @ValueSource(strings = {"'subscription':1,'subscription':1", "'result':1,'subscription':1,'result':2",
            "'error':1,'error':1", "'subscription':1,'resul\\u0074':1", "'\\\\':1"})
        void shouldRefuseParamsThatTwoParsersCouldReadDifferently(final String members)
        {
            decode("{'params':{" + members + "},'jsonrpc':'2.0','method':'a'}");

            checkRefused(null);
        }
    }

    @Nested
    class WhenTextIsResponse
    {
        @ParameterizedTest
        @ValueSource(strings = {"{'jsonrpc':'2.0','id':5,'result':null}", "{'id':5,'result':null}",
            "{'result':null,'jsonrpc':'1.0','id':5}", "{'error':null,'id':5,'result':null}"})
        void shouldNoteIdAndResultWhateverTheVersion(final String text)
        {
            decode(text);

            assertEquals(FrameKind.RESPONSE, view.kind);
            assertEquals("5", part(view.idOffset, view.idLength));
            assertEquals("null", part(view.resultOffset, view.resultLength));
        }

        @Test
        void shouldNoteErrorGivenNullId()
        {
            decode("{'jsonrpc':'2.0','error':{'code':-32700,'message':'x'},'id':null}");

            assertEquals(FrameKind.RESPONSE, view.kind);
            assertEquals("null", part(view.idOffset, view.idLength));
            assertEquals("{\"code\":-32700,\"message\":\"x\"}", part(view.errorOffset, view.errorLength));
            assertEquals(FrameView.ABSENT, view.resultOffset);
        }
    }

    @Nested
    class WhenTextIsBatch
    {
        @Test
        void shouldNoteWhereElementsLie()
        {
            decode(" [ " + SUBSCRIBE + " , 1,[] ,\n" + ITEM + "] ");

            assertEquals(FrameKind.BATCH, view.kind);
            assertEquals(4, view.elementCount);
            assertEquals(SUBSCRIBE, part(view.elementOffsets[0], view.elementLengths[0]));
            assertEquals("1", part(view.elementOffsets[1], view.elementLengths[1]));
            assertEquals("[]", part(view.elementOffsets[2], view.elementLengths[2]));
            assertEquals(ITEM.trim(), part(view.elementOffsets[3], view.elementLengths[3]));
        }

        @Test
        void shouldDecodeEachElementInItsRange()
        {
            decode("[" + SUBSCRIBE + "," + ITEM.trim() + "]");
            final FrameView element = new FrameView();

            decoder.decode(bytes, view.elementOffsets[0], view.elementLengths[0], element);
            assertEquals(FrameKind.CALL, element.kind);
            assertEquals("1", part(element.idOffset, element.idLength));
            decoder.decode(bytes, view.elementOffsets[1], view.elementLengths[1], element);
            assertEquals(FrameKind.NOTIFICATION, element.kind);
            assertEquals("\"0xa1\"", part(element.subscriptionOffset, element.subscriptionLength));
        }

        @Test
        void shouldHoldNoElementsGivenEmptyArray()
        {
            decode("[ \n]");

            assertEquals(FrameKind.BATCH, view.kind);
            assertEquals(0, view.elementCount);
        }

        @Test
        void shouldForgetElementsGivenBrokenLastOne()
        {
            decode("[1,2,3,{]");

            assertEquals(FrameKind.INVALID_JSON, view.kind);
            assertEquals(0, view.elementCount);
        }
    }

    @Nested
    class WhenTextIsNoRequest
    {
        @ParameterizedTest
        @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            {'id':9,'method':'a'}                                         ; 9
            {'jsonrpc':'1.0','id':9,'method':'a'}                         ; 9
            {'jsonrpc':2.0,'id':9,'method':'a'}                           ; 9
            {'jsonrpc':'2\\u002e0','id':9,'method':'a'}                   ; 9
            {'jsonrpc':'2.0','id':9}                                      ; 9
            {'jsonrpc':'2.0','id':9,'params':{}}                          ; 9
            {'jsonrpc':'2.0','id':9,'method':1}                           ; 9
            {'jsonrpc':'2.0','id':9,'method':null}                        ; 9
            {'jsonrpc':'2.0','method':['a'],'id':9}                       ; 9
            {'jsonrpc':'2.0','id':9,'method':'\\u0061'}                   ; 9
            {'jsonrpc':'2.0','id':9,'method':'debug\u200d_a'}             ; 9
            {'jsonrpc':'2.0','id':9,'method':'a','\\u0078':1}             ; 9
            {'jsonrpc':'2.0','id':9,'method':'a','method':'a'}            ; 9
            {'jsonrpc':'2.0','id':9,'method':'a','Method':'b'}            ; 9
            {'jsonrpc':'2.0','id':9,'method':'a','ID':8}                  ; 9
            {'jsonrpc':'2.0','id':9,'method':'a','iD':8}                  ; 9
            {'PARAMS':[],'jsonrpc':'2.0','id':9,'method':'a'}             ; 9
            {'jsonrpc':'2.0','id':9,'method':'a','JSONRPC':'1.0'}         ; 9
            {'jsonrpc':'2.0','id':9,'method':'a','Result':1}              ; 9
            {'jsonrpc':'2.0','id':9,'method':'a','eRROR':1}               ; 9
            {'jsonrpc':'2.0','id':9,'method':'a','param\u017f':[]}        ; 9
            {'jsonrpc':'2.0','jsonrpc':'2.0','id':9,'method':'a'}         ; 9
            {'params':[],'params':[],'jsonrpc':'2.0','id':9,'method':'a'} ; 9
            {'id':9,'result':1,'result':1}                                ; 9
            {'id':9,'error':1,'error':1}                                  ; 9
            """)
        void shouldKeepTheIdForTheError(final String text, final String id)
        {
            decode(text);

            checkRefused(id);
        }

        @ParameterizedTest
        @ValueSource(strings = {"{}", "{'jsonrpc':'2.0'}", "{'result':1}", "{'method':'a'}", "1", "\"a\"", "null",
            "{'jsonrpc':'2.0','id':1,'method':'a','id':1}", "{'jsonrpc':'2.0','id':{},'method':'a'}",
            "{'jsonrpc':'2.0','id':[1],'method':'a'}", "{'id':{},'result':1}", "{'jsonrpc':'2.0','id':[],'id':1}"})
        void shouldNoteNoIdGivenNoneThatCouldBeEchoed(final String text)
        {
            decode(text);

            checkRefused(null);
        }
    }

    @Nested
    class WhenTextIsNotJson
    {
        @ParameterizedTest
        @ValueSource(strings = {"", " \n", "{", "{'id':1,'method':'a'", "{'id':1}}", "{'id':1} x", "[1", "nul",
            "{'id' 1}", "{'id':1,}", "{'id':}", "{,}",
            "[1,]", "{'params':{'a':1,},'id':1}", "{'params':{'a'},'id':1}", "}", "'a"})
        void shouldNoteNothing(final String text)
        {
            decode(text);

            assertEquals(FrameKind.INVALID_JSON, view.kind);
            assertNotNull(view.refusal);
            assertEquals(FrameView.ABSENT, view.idOffset);
            assertEquals(FrameView.ABSENT, view.methodOffset);
        }

        @Test
        void shouldRefuseGivenTooManyLevelsWhereverTheyAre()
        {
            final int most = JsonScanner.MAX_DEPTH_LEVELS;
            for (final String around : new String[] {"%s", "[%s]", "{'id':1,'result':%s}", "{'params':{'a':%s}}"})
            {
                final int levels = most - (int)around.chars().filter(c -> c == '[' || c == '{').count();

                decode(String.format(around, "[".repeat(levels) + "]".repeat(levels)));
                assertTrue(view.kind != FrameKind.INVALID_JSON, around);
                decode(String.format(around, "[".repeat(levels + 1) + "]".repeat(levels + 1)));
                assertEquals(FrameKind.INVALID_JSON, view.kind, around);
                decode(String.format(around, "[".repeat(100_000)));
                assertEquals("nested too deeply", view.refusal, around);
            }
        }
    }

    @Test
    void shouldForgetThePreviousTextGivenAnUsedView()
    {
        decode(ITEM);
        decode("[1,2]");
        decode("{'id':1,'result':2}");

        assertEquals(FrameKind.RESPONSE, view.kind);
        assertEquals(0, view.elementCount);
        assertEquals(FrameView.ABSENT, view.methodOffset);
        assertEquals(FrameView.ABSENT, view.paramsOffset);
        assertEquals(FrameView.ABSENT, view.subscriptionOffset);
    }

    @Test
    void shouldDecodeOnlyTheFilledPartOfAReceivedFrame()
    {
        final ReceivedFrame frame = new ReceivedFrame();
        final byte[] text = (SUBSCRIBE + ITEM).getBytes(StandardCharsets.US_ASCII);
        frame.ensureWritable(text.length);
        System.arraycopy(text, 0, frame.bytes, 0, text.length);
        frame.length = SUBSCRIBE.length();

        decoder.decode(frame);

        assertEquals(FrameKind.CALL, frame.view.kind);
        assertEquals(SUBSCRIBE.length(), frame.view.textLength);
    }

    @Test
    void shouldAllocateNothingOnceWarm()
    {
        final byte[][] texts =
        {
            SUBSCRIBE.getBytes(StandardCharsets.US_ASCII), ITEM.getBytes(StandardCharsets.US_ASCII),
            ("[" + SUBSCRIBE + "," + ITEM + "]").getBytes(StandardCharsets.US_ASCII),
            "{\"id\":1,\"id\":2}".getBytes(StandardCharsets.US_ASCII), "{\"id\":".getBytes(StandardCharsets.US_ASCII)
        };
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final int rounds = 20_000;
        decodeAll(texts, rounds);

        final long before = threads.getCurrentThreadAllocatedBytes();
        decodeAll(texts, rounds);
        final long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;

        assertTrue(allocatedBytes < rounds, () -> allocatedBytes + " bytes in " + rounds + " rounds");
    }

    private void decodeAll(final byte[][] texts, final int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            for (final byte[] text : texts)
            {
                decoder.decode(text, 0, text.length, view);
            }
        }
    }

    /** Quotes may be written as apostrophes. */
    private void decode(final String text)
    {
        bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        decoder.decode(bytes, 0, bytes.length, view);
    }

    private String part(final int offset, final int length)
    {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    private void checkRefused(final String id)
    {
        assertEquals(FrameKind.INVALID_REQUEST, view.kind);
        assertNotNull(view.refusal);
        assertEquals(id, view.idOffset == FrameView.ABSENT ? null : part(view.idOffset, view.idLength));
        assertEquals(FrameView.ABSENT, view.methodOffset);
        assertEquals(FrameView.ABSENT, view.paramsOffset);
        assertEquals(FrameView.ABSENT, view.resultOffset);
        assertEquals(FrameView.ABSENT, view.subscriptionOffset);
    }
}
