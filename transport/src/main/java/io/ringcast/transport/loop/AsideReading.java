package io.ringcast.transport.loop;

import io.ringcast.config.ConfigException;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Reads on another thread what may wait for the disk or the network: an I/O thread never does.
 * Confined to the I/O loop that asks, except the reader itself.
 */
public final class AsideReading
{
    private AsideReading()
    {
    }

    /**
     * Begins to read. One of the two takers is called, later, unless the loop ends before; {@code onRefused} also if
     * {@code onRead} throws.
     *
     * @param <T>       what is read.
     * @param loop      the network's part of the asking loop. It counts and tells what is thrown, other than the two
     *                  exceptions that say what an operator has to mend.
     * @param reader    reads, on any thread.
     * @param onRead    takes what was read, on the loop.
     * @param onRefused takes the reason why not, in one line, on the loop.
     */
    public static <T> void begin(
        final NetworkLoop loop, final Callable<T> reader, final Consumer<T> onRead, final Consumer<String> onRefused)
    {
        CompletableFuture.supplyAsync(() ->
        {
            try
            {
                return reader.call();
            }
            catch (final Exception e)
            {
                throw new CompletionException(e);
            }
        }).whenCompleteAsync((read, failure) ->
        {
            if (failure == null)
            {
                handOver(loop, read, onRead, onRefused);
            }
            else
            {
                refuse(loop, failure instanceof CompletionException ? failure.getCause() : failure, onRefused);
            }
        }, loop.eventLoop());
    }

    private static <T> void handOver(
        final NetworkLoop loop, final T read, final Consumer<T> onRead, final Consumer<String> onRefused)
    {
        try
        {
            onRead.accept(read);
        }
        catch (final Throwable e)
        {
            refuse(loop, e, onRefused);
        }
    }

    private static void refuse(final NetworkLoop loop, final Throwable cause, final Consumer<String> onRefused)
    {
        try
        {
            if (cause instanceof ConfigException wrong)
            {
                onRefused.accept(FailureText.of(wrong));
            }
            else if (cause instanceof IOException)
            {
                onRefused.accept(FailureText.of(cause));
            }
            else
            {
                loop.onFault(cause);
                onRefused.accept("a fault of the relay's: " + FailureText.of(cause));
            }
        }
        catch (final Throwable e)
        {
            loop.onFault(e);
        }
    }
}
