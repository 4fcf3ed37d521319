// The window of Musika DAW.
import QtCore
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts
import Musika

Basic.ApplicationWindow {
    id: window
    title: link.connected ? "Musika DAW" : qsTr("Musika DAW: no engine")
    width: 1280
    height: 820
    minimumWidth: 1024
    minimumHeight: 700
    visible: true
    color: Theme.ground
    palette.toolTipBase: Theme.raised
    palette.toolTipText: Theme.text
    palette.window: Theme.raised
    palette.windowText: Theme.text
    palette.text: Theme.text
    palette.placeholderText: Theme.dim
    // What the system's dialogs take where it has none of its own.
    palette.base: Theme.ground
    palette.button: Theme.line
    palette.buttonText: Theme.text
    palette.light: Theme.surface
    palette.midlight: Theme.line
    palette.mid: Theme.line
    palette.dark: Theme.dim
    palette.highlight: Theme.line
    palette.highlightedText: Theme.text

    property bool leaving: false
    onClosing: event => {
        if (transport.recording && !leaving) {
            event.accepted = false;
            closeDialog.open();
        }
    }
    function show_tour() {
        pages.currentIndex = 0;
        tour.step = 0;
        tour.visible = true;
    }
    function switch_keys() {
        pages.currentIndex = 0;
        keyboard.on ? keyboard.end() : keyboard.begin(window, keyboard.stem);
    }
    Settings {
        id: kept
        property bool toured: false
        property alias width: window.width
        property alias height: window.height
    }
    Binding { target: Timeline; property: "seen"; value: window.visibility !== Window.Minimized }
    Binding { target: Timeline; property: "beats"; value: Math.max(9, Math.min(14, (window.width - 660) / 42)) }

    Shortcut { sequence: "Space"; onActivated: transport.toggle() }
    Shortcut { sequence: "R"; onActivated: transport.record() }
    Shortcut { sequence: "T"; enabled: !keyboard.on; onActivated: link.send("/musika/tap", []) }
    Shortcut { sequence: "D"; enabled: !keyboard.on; onActivated: play.song.dice() }
    Shortcut { sequence: "K"; enabled: !keyboard.on; onActivated: window.switch_keys() }
    Shortcut { sequence: "Home"; onActivated: transport.rewind() }
    Shortcut { sequences: ["F1"]; onActivated: window.show_tour() }
    Instantiator {
        model: pages.count
        Shortcut {
            required property int index
            sequence: "Ctrl+" + (index + 1)
            onActivated: pages.currentIndex = index
        }
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 0
        ColumnLayout {
            Layout.margins: Theme.gap
            spacing: Theme.gap
            TransportBar { id: bar; Layout.fillWidth: true }
            RowLayout {
                spacing: 6
                Repeater {
                    model: [qsTr("Play"), qsTr("Effects"), qsTr("All controls"), qsTr("Settings")]
                    Button {
                        required property string modelData
                        required property int index
                        objectName: "page " + index
                        text: modelData
                        compact: true
                        tint: pages.currentIndex === index ? Theme.line : Theme.surface
                        tip: qsTr("Ctrl+%1").arg(index + 1)
                        onClicked: pages.currentIndex = index
                    }
                }
                Item { Layout.fillWidth: true }
                Button {
                    objectName: "keys"
                    text: qsTr("keys")
                    compact: true
                    tint: keyboard.on ? Theme.accent : Theme.surface
                    ink: keyboard.on ? Theme.ground : Theme.text
                    tip: keyboard.on ? qsTr("the keys work the window again") : qsTr("the computer's keys play notes into a stem")
                    keys: "K"
                    onClicked: window.switch_keys()
                }
                Button { text: "?"; compact: true; tip: qsTr("the tour"); keys: "F1"; onClicked: window.show_tour() }
            }
            StackLayout {
                id: pages
                objectName: "pages"
                Layout.fillWidth: true
                Layout.fillHeight: true
                PlayPage { id: play }
                EffectsPage {}
                ControlsPage {}
                SettingsPage {}
            }
        }
        StatusLine { Layout.fillWidth: true; onSettings: pages.currentIndex = 3 }
    }
    ControlMenuPopup { parent: Basic.Overlay.overlay }
    StylePickerPopup { parent: Basic.Overlay.overlay }
    CloseDialog { id: closeDialog; parent: Basic.Overlay.overlay; onLeave: { window.leaving = true; window.close(); } }
    CrashDialog { parent: Basic.Overlay.overlay }
    Tour {
        id: tour
        objectName: "tour"
        anchors.fill: parent
        targets: [bar.play, play.song, play.lanes, play.shelf]
        visible: !kept.toured
        onDone: {
            visible = false;
            kept.toured = true;
        }
    }
}
