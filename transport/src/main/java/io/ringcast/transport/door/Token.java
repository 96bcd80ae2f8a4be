package io.ringcast.transport.door;

import com.nimbusds.jwt.JWTClaimsSet;
import io.ringcast.config.SubjectConfig;

import java.text.ParseException;
import java.util.Map;

/**
 * A token that is believed.
 * Immutable.
 *
 * @param subject           whose it is; empty if it does not say.
 * @param expiresAtMs       when it ends, in milliseconds since 1970.
 * @param connections       how many connections at once it says that the subject may have; negative if it does not say.
 * @param subscriptions     the same for subscriptions.
 * @param requestsPerSecond the same for calls a second.
 * @param bytesPerSecond    the same for bytes a second.
 */
record Token(
    String subject, long expiresAtMs, long connections, long subscriptions, long requestsPerSecond, long bytesPerSecond)
{
    /** The claim with limits of the subject's own, by the names of the configuration. */
    private static final String LIMITS = "ringcast";
    private static final long NOT_SAID = -1;

    static Token of(final JWTClaimsSet claims) throws ParseException
    {
        final Map<String, Object> limits = claims.getJSONObjectClaim(LIMITS);
        return new Token(claims.getSubject() == null ? "" : claims.getSubject(), claims.getExpirationTime().getTime(),
            limit(limits, "connections"), limit(limits, "subscriptions"), limit(limits, "requestsPerSecond"),
            limit(limits, "bytesPerSecond"));
    }

    /** What its subject may take: what it says itself, and else what the configuration does. */
    SubjectConfig limits(final SubjectConfig config)
    {
        return new SubjectConfig(
            connections == NOT_SAID ? config.connections() : connections,
            subscriptions == NOT_SAID ? config.subscriptions() : subscriptions,
            requestsPerSecond == NOT_SAID ? config.requestsPerSecond() : requestsPerSecond,
            bytesPerSecond == NOT_SAID ? config.bytesPerSecond() : bytesPerSecond, config.subjects());
    }

    private static long limit(final Map<String, Object> limits, final String name) throws ParseException
    {
        final Object value = limits == null ? null : limits.get(name);
        if (value == null)
        {
            return NOT_SAID;
        }
        if (!(value instanceof Number number) || number.longValue() < 0 || number.longValue() > 1_000_000)
        {
            throw new ParseException("a limit that is none", 0);
        }
        return number.longValue();
    }
}
