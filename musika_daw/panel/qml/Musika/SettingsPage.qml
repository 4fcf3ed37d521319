// This computer's side of it: where it plays, MIDI, clock, folder, language.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts

Surface {
    id: page
    function play_into(name, buffer) {
        link.send("/musika/bus", [name + ",latency=" + buffer]);
        preferences.bus = name;
        preferences.buffer = buffer;
    }
    Basic.ScrollView {
        id: scroll
        anchors.fill: parent
        anchors.margins: Theme.padding
        contentWidth: availableWidth
        GridLayout {
            width: scroll.availableWidth
            columns: width > 900 ? 2 : 1
            columnSpacing: 40
            rowSpacing: 24

            SettingsGroup {
                title: qsTr("Sound")
                SettingsRow {
                    label: qsTr("device")
                    note: engine.bus
                    Choice {
                        model: devices.names
                        empty: qsTr("none found: takes are recorded all the same")
                        currentIndex: Math.max(devices.names.indexOf(preferences.bus), -1)
                        displayText: currentIndex >= 0 ? currentText : count ? qsTr("choose") : empty
                        tip: qsTr("where the sound goes; it changes while it plays")
                        Layout.fillWidth: true
                        onActivated: index => page.play_into(textAt(index), preferences.buffer)
                        popup.onAboutToShow: devices.refresh()
                    }
                }
                SettingsRow {
                    label: qsTr("buffer")
                    note: qsTr("longer: no crackles on a busy computer; shorter: moves are heard sooner")
                    Row {
                        spacing: 4
                        Repeater {
                            model: ["20", "43", "80", "150", "300"]
                            Button {
                                required property string modelData
                                text: modelData + " ms"
                                tint: preferences.buffer === modelData ? Theme.accent : Theme.raised
                                ink: preferences.buffer === modelData ? Theme.ground : Theme.text
                                onClicked: page.play_into(preferences.bus || "default", modelData)
                            }
                        }
                    }
                }
                SettingsRow { label: qsTr("model"); note: qsTr("which networks play"); Choice { item: controls.item("model"); model: models.names; Layout.fillWidth: true } }
            }
            SettingsGroup {
                title: qsTr("Clock")
                SettingsRow { label: qsTr("leads"); note: engine.clock; Choice { item: controls.item("clock"); Layout.fillWidth: true } }
                SettingsRow { label: qsTr("offset"); note: controls.item("clock/offset").help; Fader { item: controls.item("clock/offset"); vertical: false; Layout.fillWidth: true } }
                SettingsRow { label: qsTr("when lost"); note: controls.item("clock/on_loss").help; Choice { item: controls.item("clock/on_loss"); Layout.fillWidth: true } }
                SettingsRow { label: qsTr("ratio"); note: controls.item("clock/ratio").help; Choice { item: controls.item("clock/ratio"); Layout.fillWidth: true } }
            }
            SettingsGroup {
                title: "MIDI"
                SettingsRow {
                    label: qsTr("inputs")
                    note: midiInputs.names.length ? qsTr("keyboards and controllers that are listened to") : qsTr("no MIDI input is connected: plug one in, it appears here")
                    Flow {
                        Layout.fillWidth: true
                        spacing: 4
                        Repeater {
                            model: midiInputs.names
                            Button {
                                required property string modelData
                                readonly property bool on: midiIn.names.includes(modelData)
                                compact: true
                                text: modelData
                                tint: on ? Theme.accent : Theme.raised
                                ink: on ? Theme.ground : Theme.text
                                onClicked: {
                                    const others = midiIn.names.filter(name => name !== modelData && name !== "off");
                                    link.send("/musika/midi/in", on ? (others.length ? others : ["off"]) : others.concat([modelData]));
                                }
                            }
                        }
                        Button { compact: true; text: qsTr("look again"); onClicked: { midiInputs.refresh(); midiOutputs.refresh(); } }
                    }
                }
                SettingsRow { label: qsTr("controller map"); note: controls.item("midi/map").help; Choice { item: controls.item("midi/map"); model: midiMaps.names; Layout.fillWidth: true } }
                SettingsRow { label: qsTr("notes go to"); note: controls.item("midi/out").help; Choice { item: controls.item("midi/out"); model: ["off", "virtual"].concat(midiOutputs.names); Layout.fillWidth: true } }
                SettingsRow { label: qsTr("clock goes to"); note: controls.item("clock/out").help; Choice { item: controls.item("clock/out"); model: ["off", "virtual"].concat(midiOutputs.names); Layout.fillWidth: true } }
                SettingsRow { label: qsTr("played notes"); note: controls.item("midi/notes").help; Choice { item: controls.item("midi/notes"); Layout.fillWidth: true } }
            }
            SettingsGroup {
                title: qsTr("This window")
                SettingsRow {
                    label: qsTr("language")
                    Choice {
                        model: ["English", "Deutsch"]
                        currentIndex: preferences.language === "de" ? 1 : 0
                        Layout.fillWidth: true
                        onActivated: index => preferences.language = index === 1 ? "de" : "en"
                    }
                }
                SettingsRow { label: qsTr("takes"); note: preferences.folder; Button { text: qsTr("show"); onClicked: preferences.show_folder() } }
                SettingsRow { label: qsTr("engine"); note: qsTr("OSC at %1").arg(link.where); Button { text: qsTr("show the log"); onClicked: preferences.show_log() } }
            }
        }
    }
}
