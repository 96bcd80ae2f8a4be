package io.ringcast.tools;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;

/**
 * Lines that change: drawn over each other on a terminal, else one below the other.
 * Confined to the main thread.
 */
final class LiveScreen
{
    private static final String UP = "\u001b[%dF";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final PrintWriter out;
    private final boolean isTerminal;
    private final InputStream in;
    private int drawnLines;

    LiveScreen(final PrintWriter out, final boolean isTerminal, final InputStream in)
    {
        this.out = out;
        this.isTerminal = isTerminal;
        this.in = in;
    }

    /** Whether stdin and stdout are a terminal. */
    static boolean isTerminal()
    {
        return System.console() != null;
    }

    /** Whether lines are drawn over those before, and not below them. */
    boolean isRedrawn()
    {
        return isTerminal;
    }

    /** Shows the lines in the place of those shown before. */
    void draw(final List<String> lines)
    {
        if (!isTerminal)
        {
            lines.forEach(out::println);
            out.flush();
            return;
        }
        final StringBuilder frame = new StringBuilder();
        if (drawnLines > 0)
        {
            frame.append(String.format(UP, drawnLines));
        }
        lines.forEach(line -> frame.append(line).append(CLEAR_LINE).append('\n'));
        out.print(frame.append(CLEAR_BELOW));
        out.flush();
        drawnLines = lines.size();
    }

    /** Whether Enter was pressed since the last look; never without a terminal. */
    boolean takeEnter()
    {
        boolean isPressed = false;
        try
        {
            while (isTerminal && in.available() > 0)
            {
                if (in.read() == '\n')
                {
                    // The terminal has moved to the next line by itself.
                    drawnLines++;
                    isPressed = true;
                }
            }
        }
        catch (final IOException ex)
        {
            return false;
        }
        return isPressed;
    }
}
