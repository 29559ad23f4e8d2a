// Tells the programs that ask for it, over the session bus and one by one, which window is in front. Nobody asks:
// nothing is done. The same text serves GNOME 43 and 44 and, with another head and foot, 45 and later.

const PLACE = '/org/gamedetectd/Windows';
const INTERFACE = 'org.gamedetectd.Windows';
const XML = `<node><interface name="${INTERFACE}">
<method name="Watch"><arg type="s" direction="out"/></method>
<method name="List"><arg type="s" direction="out"/></method>
<signal name="Changed"><arg type="s"/></signal>
<signal name="Ready"/>
</interface></node>`;
const DETAILS = ['notify::title', 'notify::fullscreen', 'notify::minimized', 'notify::wm-class', 'position-changed',
    'size-changed'];

function describe(window) {
    if (!window)
        return null;
    const place = window.get_frame_rect();
    const x11 = window.get_client_type() === Meta.WindowClientType.X11;
    const xid = x11 ? parseInt(window.get_description(), 16) : 0;
    return {
        id: window.get_id(), pid: window.get_pid(), class: window.get_wm_class() || '', title: window.get_title() || '',
        fullscreen: window.is_fullscreen(), minimized: window.minimized,
        x: place.x, y: place.y, width: place.width, height: place.height,
        monitor: String(window.get_monitor()), xid: xid || 0,
    };
}

class Teller {
    enable() {
        this._watchers = new Map();
        this._window = null;
        this._signals = [];
        this._told = '';
        this._object = Gio.DBusExportedObject.wrapJSObject(XML, this);
        this._object.export(Gio.DBus.session, PLACE);
        this._send(null, 'Ready', null);
    }

    disable() {
        // also when the screen is locked: no window is in front then
        this._tell('null');
        for (const watch of this._watchers.values())
            Gio.bus_unwatch_name(watch);
        this._watchers.clear();
        this._rest();
        this._object.unexport();
        this._object = null;
    }

    WatchAsync(_parameters, invocation) {
        const name = invocation.get_sender();
        if (!this._watchers.has(name)) {
            const watch = Gio.bus_watch_name_on_connection(Gio.DBus.session, name, Gio.BusNameWatcherFlags.NONE, null,
                () => this._forget(name));
            this._watchers.set(name, watch);
        }
        if (!this._focus) {
            this._focus = global.display.connect('notify::focus-window', () => this._follow());
            this._follow();
        }
        this._told = JSON.stringify(describe(this._window));
        invocation.return_value(new GLib.Variant('(s)', [this._told]));
    }

    ListAsync(_parameters, invocation) {
        const all = global.get_window_actors().map(actor => actor.meta_window);
        const shown = all.filter(window => !window.is_override_redirect() && !window.is_skip_taskbar());
        invocation.return_value(new GLib.Variant('(s)', [JSON.stringify(shown.map(describe))]));
    }

    _forget(name) {
        if (!this._watchers.has(name))
            return;
        Gio.bus_unwatch_name(this._watchers.get(name));
        this._watchers.delete(name);
        if (this._watchers.size === 0)
            this._rest();
    }

    _rest() {
        if (this._focus)
            global.display.disconnect(this._focus);
        this._focus = 0;
        this._leave();
    }

    _leave() {
        for (const signal of this._signals)
            this._window.disconnect(signal);
        this._signals = [];
        this._window = null;
    }

    _follow() {
        this._leave();
        this._window = global.display.focus_window;
        if (this._window) {
            this._signals = DETAILS.map(name => this._window.connect(name, () => this._look()));
            this._signals.push(this._window.connect('unmanaged', () => this._leave()));
        }
        this._look();
    }

    _look() {
        this._tell(JSON.stringify(describe(this._window)));
    }

    _tell(text) {
        if (text === this._told)
            return;
        this._told = text;
        for (const name of this._watchers.keys())
            this._send(name, 'Changed', new GLib.Variant('(s)', [text]));
    }

    _send(name, signal, what) {
        Gio.DBus.session.emit_signal(name, PLACE, INTERFACE, signal, what);
    }
}
