package io.ringcast.frame;

import java.nio.charset.StandardCharsets;

/**
 * Validates one whole JSON text in one pass, says what it is in JSON-RPC 2.0 terms, and notes where its parts lie.
 * Confined to one thread, the I/O thread that received the text; each has its own decoder.
 *
 * <p>Strict where two parsers could disagree about a text. Refused are a second member of the same name, and a member
 * or a method whose name has an escape or other letters than ASCII: some that look like another are the same to a
 * comparison by culture. So are {@code "ID"} and {@code "Method"}: Go and .NET take such members for {@code id} and
 * {@code method}, so a node would answer another client's call, or run another method than the one that was looked at.
 * Lenient to nodes: a response needs no {@code jsonrpc}. In a text of kind {@link FrameKind#INVALID_REQUEST} only the
 * id is noted, for the error to carry; it is absent if there is none, if there are two, or if it is an object or array.
 *
 * <p>The elements of a batch are only checked to be JSON; each is decoded on its own by giving its range to
 * {@link #decode(byte[], int, int, FrameView)}.
 *
 * <p>Why an own one, and why with eight bytes at a time inside strings: it refuses what is no JSON, allocates nothing,
 * and is the fastest of those that were tried on calls and logs. {@code DecoderBenchmark}, JDK 17, least CPU time in
 * nanoseconds of two runs on a machine that others used, for a call of 172 bytes, a log of 700 and a head of 1,800:
 * this 205, 520, 810; byte by byte, as strict, 412, 724, 1,616; DSL-JSON, which takes invalid texts, 419, 706, 1,868;
 * jackson-core 693, 803, 1,355, and it allocates. One with the CPU's vectors for strings took 1,208 for a head where
 * this took 1,400 on another, busier machine; it needs a module that is still incubating, so it is only a benchmark.
 *
 * <ul>
 * <li><b>Step</b> 2 of 7
 * <li><b>Thread</b> I/O
 * <li><b>Owns</b> nothing; it reads the received frame and fills its {@link FrameView}
 * <li><b>Next</b> {@code RingPublisher}
 * </ul>
 */
public final class FrameDecoder
{
    private static final byte[] JSONRPC = ascii("jsonrpc");
    private static final byte[] ID = ascii("id");
    private static final byte[] METHOD = ascii("method");
    private static final byte[] PARAMS = ascii("params");
    private static final byte[] RESULT = ascii("result");
    private static final byte[] ERROR = ascii("error");
    private static final byte[][] NAMES = {JSONRPC, ID, METHOD, PARAMS, RESULT, ERROR};
    private static final byte[] SUBSCRIPTION = ascii("subscription");
    private static final byte[] VERSION_TOKEN = ascii("\"2.0\"");

    private final JsonScanner scanner = new JsonScanner();
    /** Whether {@code "jsonrpc":"2.0"} was seen in the current text. */
    private boolean hasVersion;
    private boolean hasVersionMember;
    /** Whether the id, if there is one, may stand in an error. */
    private boolean hasUsableId;
    /** The first reason to refuse the current text; else null. */
    private String refusal;
    /** The first reason to refuse the current text if it turns out to be a notification; else null. */
    private String paramsRefusal;

    /**
     * Decodes a frame into its own view.
     *
     * @param frame the received text.
     */
    public void decode(final ReceivedFrame frame)
    {
        decode(frame.bytes, 0, frame.length, frame.view);
    }

    /**
     * Decodes the text in a range; bytes outside it are never read.
     *
     * @param bytes  the array.
     * @param offset where the text starts.
     * @param length its length in bytes, white space round it included.
     * @param view   filled with what was found; what it held before is forgotten.
     */
    public void decode(final byte[] bytes, final int offset, final int length, final FrameView view)
    {
        int limit = offset + length;
        while (limit > offset && JsonScanner.isWhite(bytes[limit - 1]))
        {
            limit--;
        }
        final int start = JsonScanner.skipWhite(bytes, offset, limit);
        view.reset();
        view.textOffset = start;
        view.textLength = limit - start;
        if (start == limit)
        {
            refuse(view, FrameKind.INVALID_JSON, "empty text");
            return;
        }

        final int end;
        switch (bytes[start])
        {
            case '{':
                end = scanEnvelope(bytes, start, limit, view);
                break;
            case '[':
                end = scanBatch(bytes, start, limit, view);
                break;
            default:
                end = scanner.skipValue(bytes, start, limit, 0);
                break;
        }

        if (end != limit)
        {
            refuse(view, FrameKind.INVALID_JSON, end < 0 ? JsonScanner.describe(end) : "bytes behind the end");
        }
        else if (bytes[start] == '{')
        {
            classify(view);
        }
        else if (bytes[start] == '[')
        {
            view.kind = FrameKind.BATCH;
        }
        else
        {
            refuse(view, FrameKind.INVALID_REQUEST, "neither an object nor an array");
        }
    }

    private int scanBatch(final byte[] bytes, final int open, final int limit, final FrameView view)
    {
        int at = JsonScanner.skipWhite(bytes, open + 1, limit);
        if (at < limit && bytes[at] == ']')
        {
            return at + 1;
        }
        while (true)
        {
            final int end = scanner.skipValue(bytes, at, limit, 1);
            if (end < 0)
            {
                return end;
            }
            view.addElement(at, end - at);
            at = scanner.findSeparator(bytes, end, limit, ']');
            if (at < 0)
            {
                return at;
            }
            if (bytes[at] == ']')
            {
                return at + 1;
            }
            at = JsonScanner.skipWhite(bytes, at + 1, limit);
        }
    }

    private int scanEnvelope(final byte[] bytes, final int open, final int limit, final FrameView view)
    {
        hasVersion = false;
        hasVersionMember = false;
        hasUsableId = true;
        refusal = null;
        paramsRefusal = null;
        return scanMembers(bytes, open, limit, 1, view);
    }

    /**
     * Scans the envelope, and its params one level further down. Params are always looked into: whether they are those
     * of a notification may not be known before the text has ended, since members come in any order.
     */
    private int scanMembers(
        final byte[] bytes, final int open, final int limit, final int openLevels, final FrameView view)
    {
        int at = JsonScanner.skipWhite(bytes, open + 1, limit);
        if (at < limit && bytes[at] == '}')
        {
            return at + 1;
        }
        while (true)
        {
            final int name = at;
            final int nameEnd = scanner.skipName(bytes, name, limit);
            if (nameEnd < 0)
            {
                return nameEnd;
            }
            final int value = scanner.skipColon(bytes, nameEnd, limit);
            if (value < 0)
            {
                return value;
            }
            final boolean isParams = openLevels == 1 && bytes[value] == '{' && isName(bytes, name, nameEnd, PARAMS);
            final int end = isParams ?
                scanMembers(bytes, value, limit, 2, view) : scanner.skipValue(bytes, value, limit, openLevels);
            if (end < 0)
            {
                return end;
            }
            if (openLevels == 1)
            {
                noteMember(bytes, name, nameEnd, value, end, view);
            }
            else
            {
                noteParamsMember(bytes, name, nameEnd, value, end, view);
            }

            at = scanner.findSeparator(bytes, end, limit, '}');
            if (at < 0)
            {
                return at;
            }
            if (bytes[at] == '}')
            {
                return at + 1;
            }
            at = JsonScanner.skipWhite(bytes, at + 1, limit);
        }
    }

    private void noteMember(
        final byte[] bytes, final int name, final int nameEnd, final int value, final int end, final FrameView view)
    {
        final int length = end - value;
        if (isName(bytes, name, nameEnd, ID))
        {
            noteId(bytes, value, length, view);
        }
        else if (isName(bytes, name, nameEnd, METHOD))
        {
            noteMethod(bytes, value, length, view);
        }
        else if (isName(bytes, name, nameEnd, PARAMS))
        {
            noteFirst(view.paramsOffset, "two params members");
            view.paramsOffset = value;
            view.paramsLength = length;
        }
        else if (isName(bytes, name, nameEnd, RESULT))
        {
            noteFirst(view.resultOffset, "two result members");
            view.resultOffset = value;
            view.resultLength = length;
        }
        else if (isName(bytes, name, nameEnd, ERROR))
        {
            noteFirst(view.errorOffset, "two error members");
            view.errorOffset = value;
            view.errorLength = length;
        }
        else if (isName(bytes, name, nameEnd, JSONRPC))
        {
            noteVersion(bytes, value, length);
        }
        else if (!isPlain(bytes, name, nameEnd))
        {
            noteRefusal("member name holds an escape or other letters than ASCII");
        }
        else if (isNameInAnyCase(bytes, name, nameEnd))
        {
            noteRefusal("member name in capital letters");
        }
    }

    private void noteVersion(final byte[] bytes, final int value, final int length)
    {
        if (hasVersionMember)
        {
            noteRefusal("two jsonrpc members");
        }
        hasVersionMember = true;
        hasVersion = length == VERSION_TOKEN.length && startsWith(bytes, value, VERSION_TOKEN);
    }

    private void noteId(final byte[] bytes, final int value, final int length, final FrameView view)
    {
        if (view.idOffset != FrameView.ABSENT)
        {
            hasUsableId = false;
            noteRefusal("two id members");
        }
        else if (bytes[value] == '{' || bytes[value] == '[')
        {
            hasUsableId = false;
            noteRefusal("id is an object or an array");
        }
        view.idOffset = value;
        view.idLength = length;
    }

    private void noteMethod(final byte[] bytes, final int value, final int length, final FrameView view)
    {
        noteFirst(view.methodOffset, "two method members");
        view.methodOffset = value + 1;
        view.methodLength = length - 2;
        if (bytes[value] != '"')
        {
            noteRefusal("method is not a string");
        }
        else if (!isPlain(bytes, value, value + length))
        {
            noteRefusal("method name holds an escape or other letters than ASCII");
        }
    }

    private void noteParamsMember(
        final byte[] bytes, final int name, final int nameEnd, final int value, final int end, final FrameView view)
    {
        final int length = end - value;
        if (isName(bytes, name, nameEnd, SUBSCRIPTION))
        {
            noteFirstInParams(view.subscriptionOffset, "two subscription members in params");
            view.subscriptionOffset = value;
            view.subscriptionLength = length;
        }
        else if (isName(bytes, name, nameEnd, RESULT))
        {
            noteFirstInParams(view.itemOffset, "two result members in params");
            view.itemOffset = value;
            view.itemLength = length;
        }
        else if (isName(bytes, name, nameEnd, ERROR))
        {
            noteFirstInParams(view.itemErrorOffset, "two error members in params");
            view.itemErrorOffset = value;
            view.itemErrorLength = length;
        }
        else if (holdsEscape(bytes, name, nameEnd))
        {
            noteFirstInParams(value, "member name in params holds an escape");
        }
    }

    private void noteFirst(final int earlierOffset, final String reason)
    {
        if (earlierOffset != FrameView.ABSENT)
        {
            noteRefusal(reason);
        }
    }

    private void noteRefusal(final String reason)
    {
        if (refusal == null)
        {
            refusal = reason;
        }
    }

    private void noteFirstInParams(final int earlierOffset, final String reason)
    {
        if (earlierOffset != FrameView.ABSENT && paramsRefusal == null)
        {
            paramsRefusal = reason;
        }
    }

    private void classify(final FrameView view)
    {
        final boolean hasMethod = view.methodOffset != FrameView.ABSENT;
        final boolean hasId = view.idOffset != FrameView.ABSENT;
        final boolean hasOutcome = view.resultOffset != FrameView.ABSENT || view.errorOffset != FrameView.ABSENT;
        if (hasMethod)
        {
            view.kind = hasId ? FrameKind.CALL : FrameKind.NOTIFICATION;
            if (!hasVersion)
            {
                noteRefusal("jsonrpc is not \"2.0\"");
            }
        }
        else if (hasId && hasOutcome)
        {
            view.kind = FrameKind.RESPONSE;
        }
        else
        {
            noteRefusal("neither a method nor a response");
        }

        if (view.kind != FrameKind.NOTIFICATION)
        {
            view.subscriptionOffset = FrameView.ABSENT;
            view.itemOffset = FrameView.ABSENT;
            view.itemErrorOffset = FrameView.ABSENT;
        }
        else if (paramsRefusal != null)
        {
            noteRefusal(paramsRefusal);
        }
        if (refusal != null)
        {
            refuse(view, FrameKind.INVALID_REQUEST, refusal);
        }
    }

    /** Forgets what was noted, so that nobody acts on a part of a refused text; an id worth echoing stays. */
    private void refuse(final FrameView view, final FrameKind kind, final String reason)
    {
        final int textOffset = view.textOffset;
        final int textLength = view.textLength;
        final int idOffset = kind == FrameKind.INVALID_REQUEST && hasUsableId ? view.idOffset : FrameView.ABSENT;
        view.reset();
        view.kind = kind;
        view.refusal = reason;
        view.textOffset = textOffset;
        view.textLength = textLength;
        view.idOffset = idOffset;
    }

    /** Whether the name token, which includes its quotes, is this name. */
    private static boolean isName(final byte[] bytes, final int token, final int tokenEnd, final byte[] name)
    {
        return tokenEnd - token == name.length + 2 && startsWith(bytes, token + 1, name);
    }

    /** The range is known to be long enough. */
    private static boolean startsWith(final byte[] bytes, final int offset, final byte[] expected)
    {
        for (int i = 0; i < expected.length; i++)
        {
            if (bytes[offset + i] != expected[i])
            {
                return false;
            }
        }
        return true;
    }

    /** Whether the name token is one of the envelope's to a parser that takes capital letters for small ones. */
    private static boolean isNameInAnyCase(final byte[] bytes, final int token, final int tokenEnd)
    {
        for (final byte[] name : NAMES)
        {
            if (tokenEnd - token == name.length + 2 && equalsIgnoreCase(bytes, token + 1, name))
            {
                return true;
            }
        }
        return false;
    }

    private static boolean equalsIgnoreCase(final byte[] bytes, final int offset, final byte[] expected)
    {
        for (int i = 0; i < expected.length; i++)
        {
            if ((bytes[offset + i] | 0x20) != expected[i])
            {
                return false;
            }
        }
        return true;
    }

    /** Whether a token is ASCII without escapes. To some parsers letters beyond it are an s or a k. */
    private static boolean isPlain(final byte[] bytes, final int offset, final int end)
    {
        for (int at = offset; at < end; at++)
        {
            if (bytes[at] == '\\' || bytes[at] < 0)
            {
                return false;
            }
        }
        return true;
    }

    private static boolean holdsEscape(final byte[] bytes, final int offset, final int end)
    {
        for (int at = offset; at < end; at++)
        {
            if (bytes[at] == '\\')
            {
                return true;
            }
        }
        return false;
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
