package io.ringcast.tools;

import java.lang.reflect.Proxy;

/**
 * Has something done at each SIGHUP, which would end the process otherwise.
 * Any thread; what is done runs on a thread of the JVM's own.
 */
final class HangupSignal
{
    private HangupSignal()
    {
    }

    /**
     * Begins to listen. The class that can do so is in every JDK but part of no standard, so it is looked up by name.
     *
     * @param action what is done.
     * @return false if this machine has no such signal, or the process was started to ignore it, as by {@code nohup}.
     */
    static boolean tryListen(final Runnable action)
    {
        try
        {
            final Class<?> signal = Class.forName("sun.misc.Signal");
            final Class<?> handler = Class.forName("sun.misc.SignalHandler");
            final Object listener = Proxy.newProxyInstance(
                handler.getClassLoader(), new Class<?>[]{handler}, (proxy, method, arguments) ->
                {
                    if ("handle".equals(method.getName()))
                    {
                        action.run();
                    }
                    return null;
                });
            final Object before = signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), listener);
            return before != handler.getField("SIG_IGN").get(null);
        }
        catch (final ReflectiveOperationException e)
        {
            return false;
        }
    }
}
