package io.ringcast.match;

import io.ringcast.session.ConnectionWish;

import java.util.LinkedHashMap;

/**
 * What is kept of sessions, by whose it is: beyond a bound, who has the most gives something up, so that nobody can
 * push out what others have left.
 * Confined to the pipeline thread that runs match.
 */
final class SessionShares
{
    /** What one has. */
    private static final class Share
    {
        /** In the order of the deadlines, with the session. */
        private final LinkedHashMap<KeptSubscription, Session> kept = new LinkedHashMap<>();
        private int sessions;
    }

    /** Null as long as there was nothing of one. */
    private final Share[] shares = new Share[ConnectionWish.SHARES];

    /** A subscription of a session is kept, with a later deadline than all others. */
    void onKept(final Session session, final KeptSubscription subscription)
    {
        if (shares[session.share] == null)
        {
            shares[session.share] = new Share();
        }
        final LinkedHashMap<KeptSubscription, Session> kept = shares[session.share].kept;
        kept.remove(subscription);
        kept.put(subscription, session);
    }

    void onTaken(final Session session, final KeptSubscription subscription)
    {
        shares[session.share].kept.remove(subscription);
    }

    /** A session that kept nothing keeps something now. */
    void onKeeping(final Session session)
    {
        shares[session.share].sessions++;
    }

    /** It keeps nothing any more. */
    void onKeepingNothing(final Session session)
    {
        shares[session.share].sessions--;
    }

    /** Of who has the most sessions, the one whose deadline is next; there is one. */
    Session nextOfMostSessions()
    {
        Share most = null;
        for (final Share share : shares)
        {
            most = share != null && (most == null || share.sessions > most.sessions) ? share : most;
        }
        return most.kept.values().iterator().next();
    }

    /** The same of who has the most subscriptions. */
    Session nextOfMostSubscriptions()
    {
        Share most = null;
        for (final Share share : shares)
        {
            most = share != null && (most == null || share.kept.size() > most.kept.size()) ? share : most;
        }
        return most.kept.values().iterator().next();
    }
}
