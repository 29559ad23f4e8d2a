// Runs inside KWin 5 and 6, put there by kwin.py: tells the one connection that loaded it which window is in front.
// @US@ and @LIST@ are filled in. Only what changed is told, and nothing is done while nothing changes.

(function () {
    const six = workspace.activeWindow !== undefined;
    const watched = new Map();
    let told = "";

    function say(member, what) {
        callDBus("@US@", "/gamedetectd", "org.gamedetectd.Windows", member, JSON.stringify(what));
    }

    function describe(window) {
        if (!window) {
            return null;
        }
        const place = window.frameGeometry || {};
        const output = window.output ? window.output.name : String(window.screen);
        return {
            id: String(window.internalId), pid: window.pid, "class": String(window.resourceClass || ""),
            title: String(window.caption || ""), fullscreen: window.fullScreen === true,
            minimized: window.minimized === true, x: place.x, y: place.y, width: place.width, height: place.height,
            monitor: output || "", xid: window.windowId || 0
        };
    }

    function report() {
        const now = describe(six ? workspace.activeWindow : workspace.activeClient);
        const text = JSON.stringify(now);
        if (text !== told) {
            told = text;
            say("Foreground", now);
        }
    }

    function follow(window) {
        if (!window || watched.has(window.internalId)) {
            return;
        }
        watched.set(window.internalId, true);
        function changed() {
            if (window === (six ? workspace.activeWindow : workspace.activeClient)) {
                report();
            }
        }
        ["captionChanged", "fullScreenChanged", "minimizedChanged", "outputChanged", "windowClassChanged"].forEach(
            function (name) {
                if (window[name] && window[name].connect) {
                    window[name].connect(changed);
                }
            });
    }

    function activated(window) {
        follow(window);
        report();
    }

    if (@LIST@) {
        const all = six ? workspace.windowList() : workspace.clientList();
        say("Listed", all.filter(function (window) { return window.normalWindow || window.fullScreen; }).map(describe));
        told = "nothing yet";
        report();
        return;
    }
    const gone = six ? workspace.windowRemoved : workspace.clientRemoved;
    gone.connect(function (window) { watched.delete(window.internalId); });
    (six ? workspace.windowActivated : workspace.clientActivated).connect(activated);
    told = "nothing yet";
    activated(six ? workspace.activeWindow : workspace.activeClient);
}());
