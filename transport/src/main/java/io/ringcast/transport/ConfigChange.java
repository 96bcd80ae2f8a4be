package io.ringcast.transport;

import io.ringcast.config.ConfigException;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.TimingConfig;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What differs between two configurations, and whether it may change while the relay runs.
 * Any thread: it has no state.
 *
 * <p>What stages, upstreams, threads and sockets in use are built from may not. The rest is looked at by each new
 * connection, or each time.
 */
final class ConfigChange
{
    private static final String ALLOWED = "access, doors: httpOrigins, httpRequestMs, httpIdleMs, sseHeartbeatMs, " +
        "fileCheckMs, drainNoticeMs, alternative; limits: connections, unfinishedBytes, unsentBytes; timing: drainMs";

    private ConfigChange()
    {
    }

    /**
     * Compares two configurations.
     *
     * @param now  what holds.
     * @param next what is to hold.
     * @return the names of what differs.
     * @throws ConfigException naming all that differs and may not change; then nothing may be taken.
     */
    static List<String> between(final RelayConfig now, final RelayConfig next)
    {
        final RelayConfig allowed = now.toBuilder()
            .access(next.access().toBuilder().build())
            .doors(now.doors().toBuilder()
                .httpOrigins(next.doors().httpOrigins())
                .set(DoorsConfig.HTTP_REQUEST_MS, next.doors().httpRequestMs())
                .set(DoorsConfig.HTTP_IDLE_MS, next.doors().httpIdleMs())
                .set(DoorsConfig.SSE_HEARTBEAT_MS, next.doors().sseHeartbeatMs())
                .set(DoorsConfig.FILE_CHECK_MS, next.doors().fileCheckMs())
                .set(DoorsConfig.DRAIN_NOTICE_MS, next.doors().drainNoticeMs())
                .alternative(next.doors().alternative())
                .build())
            .limits(now.limits().toBuilder()
                .set(LimitsConfig.CONNECTIONS, next.limits().connections())
                .set(LimitsConfig.UNFINISHED_BYTES, next.limits().unfinishedBytes())
                .set(LimitsConfig.UNSENT_BYTES, next.limits().unsentBytes())
                .build())
            .timing(now.timing().toBuilder().set(TimingConfig.DRAIN_MS, next.timing().drainMs()).build())
            .build();
        final List<String> refused = new ArrayList<>();
        differences("", allowed, next, refused);
        if (!refused.isEmpty())
        {
            throw new ConfigException("reload", String.join(", ", refused), "can't change while the relay runs; " +
                "nothing was changed", ALLOWED);
        }
        final List<String> changed = new ArrayList<>();
        differences("", now, next, changed);
        return changed;
    }

    private static void differences(final String prefix, final Record a, final Record b, final List<String> out)
    {
        for (final RecordComponent component : a.getClass().getRecordComponents())
        {
            final Object left = value(component, a);
            final Object right = value(component, b);
            final boolean isGroup = left instanceof Record && right instanceof Record &&
                left.getClass() == right.getClass();
            if (isGroup && !left.equals(right))
            {
                differences(prefix + component.getName() + '.', (Record)left, (Record)right, out);
            }
            else if (!Objects.equals(left, right))
            {
                // The one setting that two components hold.
                final String name = component.getName().replaceFirst("^listen(Host|Port)$", "listen");
                if (!out.contains(prefix + name))
                {
                    out.add(prefix + name);
                }
            }
        }
    }

    private static Object value(final RecordComponent component, final Record of)
    {
        try
        {
            return component.getAccessor().invoke(of);
        }
        catch (final ReflectiveOperationException e)
        {
            throw new IllegalStateException("a public record's component", e);
        }
    }
}
