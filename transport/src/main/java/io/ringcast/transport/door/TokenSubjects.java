package io.ringcast.transport.door;

import io.ringcast.config.SubjectConfig;
import io.ringcast.session.ClientRights;

import java.util.HashMap;
import java.util.Map;

/**
 * What each subject of tokens has taken.
 * Any thread. A look-up for each connection, over HTTP for each request, so a lock does.
 *
 * <p>Who has nothing taken is forgotten when there are too many; who comes when all have is refused.
 */
final class TokenSubjects
{
    private final Map<String, ClientRights> rights = new HashMap<>();

    /**
     * Finds the rights of a token's subject.
     *
     * @param token    the token.
     * @param config   what subjects may take.
     * @param together what all tokens may together.
     * @return the rights; null if too many subjects are here.
     */
    synchronized ClientRights of(final Token token, final SubjectConfig config, final ClientRights together)
    {
        ClientRights own = rights.get(token.subject());
        if (own != null && !own.isShareOf(together))
        {
            // Tokens were not believed for a while: what was taken then has been revoked.
            rights.remove(token.subject());
            own = null;
        }
        if (own == null)
        {
            if (rights.size() >= config.subjects())
            {
                rights.values().removeIf(one -> one.connections() == 0 && one.subscriptions() == 0);
            }
            if (rights.size() >= config.subjects())
            {
                return null;
            }
            own = new ClientRights(together.name() + ' ' + token.subject(), together);
            rights.put(token.subject(), own);
        }
        final SubjectConfig limits = token.limits(config);
        own.limit(limits.connections(), limits.subscriptions(), limits.requestsPerSecond(), limits.bytesPerSecond());
        return own;
    }
}
