package io.ringcast.session;

import java.util.Arrays;

/**
 * Where the answer to one call goes: the connection, the place in its batch, and the client's own id token.
 * Confined to the stage that holds it; copied from stage to stage.
 *
 * <p>The token is kept as the bytes that the client sent ({@code 1}, {@code 1.0}, {@code "1"} and {@code null} are four
 * different ids), because clients compare it strictly.
 */
public final class ReplyAddress
{
    /** No batch: the answer is a message of its own. */
    public static final long NO_BATCH = 0;

    private static final byte[] NULL_TOKEN = {'n', 'u', 'l', 'l'};

    public long connectionId;
    public long batchId;
    public int batchIndex;
    public byte[] idToken = new byte[24];
    public int idLength;

    /**
     * Sets the address without an id.
     *
     * @param connection who asked.
     * @param batch      the batch the call stood in, or {@link #NO_BATCH}.
     * @param index      the place of the answer in that batch.
     */
    public void set(final long connection, final long batch, final int index)
    {
        connectionId = connection;
        batchId = batch;
        batchIndex = index;
        idLength = 0;
    }

    /**
     * Copies the client's id token.
     *
     * @param source the text that holds it.
     * @param offset where it starts, or a negative number for {@code null}.
     * @param length its length in bytes.
     */
    public void setId(final byte[] source, final int offset, final int length)
    {
        if (offset < 0)
        {
            setId(NULL_TOKEN, 0, NULL_TOKEN.length);
            return;
        }
        if (length > idToken.length || idToken.length > 256 && length <= 24)
        {
            idToken = new byte[Math.max(24, length)];
        }
        System.arraycopy(source, offset, idToken, 0, length);
        idLength = length;
    }

    /**
     * Becomes equal to another address.
     *
     * @param other the address to copy; not kept.
     */
    public void copyFrom(final ReplyAddress other)
    {
        set(other.connectionId, other.batchId, other.batchIndex);
        setId(other.idToken, 0, other.idLength);
    }

    /**
     * Compares with another address.
     *
     * @param other the other one.
     * @return true if all parts are equal.
     */
    public boolean isSame(final ReplyAddress other)
    {
        return connectionId == other.connectionId && batchId == other.batchId && batchIndex == other.batchIndex &&
            Arrays.equals(idToken, 0, idLength, other.idToken, 0, other.idLength);
    }

    @Override
    public String toString()
    {
        return connectionId + "/" + batchId + "." + batchIndex + " id=" + new String(Arrays.copyOf(idToken, idLength));
    }
}
