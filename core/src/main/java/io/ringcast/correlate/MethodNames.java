package io.ringcast.correlate;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.session.FilterMethod;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The names of the methods that make and end subscriptions, compared as bytes.
 * Immutable.
 */
final class MethodNames
{
    static final int NONE = -1;

    private static final String ETH = SubscriptionMethod.ETH.subscribe();

    /** What these name is {@code eth_subscribe} by another name: for clients that put the namespace before it. */
    private static final byte[] RELAY_SUBSCRIBE = "relay_subscribe".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RELAY_UNSUBSCRIBE = "relay_unsubscribe".getBytes(StandardCharsets.US_ASCII);

    private final byte[][] subscribe;
    private final byte[][] unsubscribe;
    private final byte[][] unshared;
    private final int ethIndex;
    private final boolean hasFilters;

    MethodNames(final NetworkConfig network)
    {
        this(network.subscriptionMethods(), network.dialect().unshared());
    }

    MethodNames(final List<SubscriptionMethod> methods, final List<String> unsharedNames)
    {
        unshared = unsharedNames.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        hasFilters = methods.stream().anyMatch(method -> ETH.equals(method.subscribe()));
        subscribe = new byte[methods.size()][];
        unsubscribe = new byte[methods.size()][];
        ethIndex = methods.indexOf(SubscriptionMethod.ETH);
        for (int i = 0; i < methods.size(); i++)
        {
            subscribe[i] = methods.get(i).subscribe().getBytes(StandardCharsets.UTF_8);
            unsubscribe[i] = methods.get(i).unsubscribe().getBytes(StandardCharsets.UTF_8);
        }
    }

    int subscribeIndex(final byte[] bytes, final int offset, final int length)
    {
        final int index = indexOf(subscribe, bytes, offset, length);
        return index == NONE && isName(RELAY_SUBSCRIBE, bytes, offset, length) ? ethIndex : index;
    }

    int unsubscribeIndex(final byte[] bytes, final int offset, final int length)
    {
        final int index = indexOf(unsubscribe, bytes, offset, length);
        return index == NONE && isName(RELAY_UNSUBSCRIBE, bytes, offset, length) ? ethIndex : index;
    }

    /** Whether the method's subscriptions are one client's alone. */
    boolean isUnshared(final byte[] bytes, final int offset, final int length)
    {
        return indexOf(unshared, bytes, offset, length) != NONE;
    }

    /** Which method of filters that are polled it is; a network without eth_subscribe has none. */
    int filterIndex(final byte[] bytes, final int offset, final int length)
    {
        return hasFilters ? FilterMethod.indexOf(bytes, offset, length) : FilterMethod.NONE;
    }

    private static int indexOf(final byte[][] names, final byte[] bytes, final int offset, final int length)
    {
        for (int i = 0; i < names.length; i++)
        {
            if (isName(names[i], bytes, offset, length))
            {
                return i;
            }
        }
        return NONE;
    }

    private static boolean isName(final byte[] name, final byte[] bytes, final int offset, final int length)
    {
        return name.length == length && Arrays.equals(name, 0, length, bytes, offset, offset + length);
    }
}
