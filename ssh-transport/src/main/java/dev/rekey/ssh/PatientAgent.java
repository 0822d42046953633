package dev.rekey.ssh;

import com.jcraft.jsch.AgentConnector;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.Buffer;

/** An agent that is asked during one call. It may take any time, or for ever: an interrupt ends each wait for its socket. */
record PatientAgent(AgentConnector agent, Attempt attempt) implements AgentConnector {
    @Override
    public String getName() {
        return agent.getName();
    }

    @Override
    public boolean isAvailable() {
        Waiting before = attempt.enter(Waiting.AGENT);
        try {
            return agent.isAvailable();
        } finally {
            attempt.enter(before);
        }
    }

    @Override
    public void query(Buffer buffer) throws AgentProxyException {
        Waiting before = attempt.enter(Waiting.AGENT);
        try {
            // JSch goes on to the next key after one that failed.
            attempt.requireGoingOn();
            agent.query(buffer);
        } catch (EndedException e) {
            throw new AgentProxyException(e.getMessage());
        } finally {
            attempt.enter(before);
        }
    }
}
