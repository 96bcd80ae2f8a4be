package io.ringcast.tools.load;

/**
 * What block numbers tell of loss and order. A step back is no mistake by itself: nodes reorganise their chains.
 * Confined to the subscriber's event loop while items come; readable when none come any more.
 */
final class BlockCheck
{
    private long last = -1;
    private long missing;
    private long stepsBack;

    void onHead(final long number)
    {
        if (last >= 0 && number > last + 1)
        {
            missing += number - last - 1;
        }
        onLog(number);
    }

    /** Any number of logs may have the same block, and blocks may have none. */
    void onLog(final long number)
    {
        if (number < last)
        {
            stepsBack++;
        }
        last = number;
    }

    long missing()
    {
        return missing;
    }

    long stepsBack()
    {
        return stepsBack;
    }
}
