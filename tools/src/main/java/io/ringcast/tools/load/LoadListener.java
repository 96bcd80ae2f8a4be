package io.ringcast.tools.load;

/** Hears what becomes of connections. Called on their event loops. */
interface LoadListener
{
    void onReady();

    void onFailed(String reason);

    void onClosed();
}
