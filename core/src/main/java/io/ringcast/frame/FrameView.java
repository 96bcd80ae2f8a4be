package io.ringcast.frame;

import java.util.Arrays;

/**
 * Where the parts of one JSON-RPC text lie in a byte array; holds no bytes of its own.
 * Confined to the thread that holds the frame: the I/O thread until it is published, then the pipeline. Step 2 of 7
 * leaves it behind.
 *
 * <p>An offset of {@link #ABSENT} means that the member is not there. Offsets count from the start of the array, not
 * of the text. Ranges of strings named "token" include the quotes; {@link #methodOffset} does not.
 */
public final class FrameView
{
    /** The offset of a member that is not there. */
    public static final int ABSENT = -1;
    /** How many elements of a batch are noted; more are only counted, so a hostile array costs no memory. */
    public static final int MAX_ELEMENTS = 65_536;

    public FrameKind kind = FrameKind.INVALID_JSON;
    /** Why the text was refused, for the two invalid kinds; else null. */
    public String refusal;

    /** The text without white space round it. */
    public int textOffset;
    public int textLength;

    /** The raw id token, quotes included: {@code 1}, {@code "a"}, {@code null}. */
    public int idOffset = ABSENT;
    public int idLength;
    /** The method name without its quotes. It holds no escapes: a name with one is refused. */
    public int methodOffset = ABSENT;
    public int methodLength;
    /** The raw params value, brackets included. */
    public int paramsOffset = ABSENT;
    public int paramsLength;
    /** The raw result value. */
    public int resultOffset = ABSENT;
    public int resultLength;
    /** The raw error value. */
    public int errorOffset = ABSENT;
    public int errorLength;

    /** In a notification: the raw token of {@code params.subscription}. */
    public int subscriptionOffset = ABSENT;
    public int subscriptionLength;
    /** In a notification: the raw value of {@code params.result}. */
    public int itemOffset = ABSENT;
    public int itemLength;
    /** In a notification: the raw value of {@code params.error}. */
    public int itemErrorOffset = ABSENT;
    public int itemErrorLength;

    /** In a batch: how many elements, and where each of the first {@link #MAX_ELEMENTS} lies, without white space. */
    public int elementCount;
    public int[] elementOffsets = new int[0];
    public int[] elementLengths = new int[0];

    /** Forgets everything. Arrays of a large batch are given back to the collector. */
    public void reset()
    {
        kind = FrameKind.INVALID_JSON;
        refusal = null;
        textOffset = 0;
        textLength = 0;
        idOffset = ABSENT;
        methodOffset = ABSENT;
        paramsOffset = ABSENT;
        resultOffset = ABSENT;
        errorOffset = ABSENT;
        subscriptionOffset = ABSENT;
        itemOffset = ABSENT;
        itemErrorOffset = ABSENT;
        elementCount = 0;
        if (elementOffsets.length > 1024)
        {
            elementOffsets = new int[0];
            elementLengths = new int[0];
        }
    }

    /**
     * Adds one element of a batch.
     *
     * @param offset where the element starts, in bytes from the start of the array.
     * @param length its length in bytes.
     */
    public void addElement(final int offset, final int length)
    {
        if (elementCount >= MAX_ELEMENTS)
        {
            elementCount++;
            return;
        }
        if (elementCount == elementOffsets.length)
        {
            final int capacity = Math.max(8, elementCount * 2);
            elementOffsets = Arrays.copyOf(elementOffsets, capacity);
            elementLengths = Arrays.copyOf(elementLengths, capacity);
        }
        elementOffsets[elementCount] = offset;
        elementLengths[elementCount] = length;
        elementCount++;
    }
}
