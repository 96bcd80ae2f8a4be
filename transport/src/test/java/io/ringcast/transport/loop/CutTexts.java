package io.ringcast.transport.loop;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.ringcast.frame.ReceivedFrame;
import io.ringcast.transport.websocket.FramePool;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Keeps what a {@link JsonTextCutter} finds, and counts what it is lent. Confined to the test thread. */
final class CutTexts implements JsonTextCutter.Taker, FramePool
{
    final List<String> texts = new ArrayList<>();
    int lent;
    String garbage;
    boolean isTooBig;
    private final Charset charset;
    private final BooleanSupplier goesOn;

    /**
     * Prepares to take texts.
     *
     * @param charset how they are read.
     * @param goesOn  asked behind each text: whether it can take another at once.
     */
    CutTexts(final Charset charset, final BooleanSupplier goesOn)
    {
        this.charset = charset;
        this.goesOn = goesOn;
    }

    @Override
    public ReceivedFrame take()
    {
        lent++;
        return new ReceivedFrame();
    }

    @Override
    public void giveBack(final ReceivedFrame frame)
    {
        lent--;
    }

    @Override
    public boolean onText(final ReceivedFrame text)
    {
        lent--;
        assertNull(garbage, "a text behind the end");
        texts.add(new String(text.bytes, 0, text.length, charset));
        return goesOn.getAsBoolean();
    }

    @Override
    public void onGarbage(final String reason, final boolean isLong)
    {
        assertNull(garbage, "told twice");
        garbage = reason;
        isTooBig = isLong;
    }
}
