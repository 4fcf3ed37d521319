// The menu that `ControlMenu` asks for, once in the window.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts

Basic.Popup {
    id: popup
    property var item // a control, or what a button sends: address, label, help and `sends`
    function learn(place) {
        const what = item.sends ? [item.sends] : place > 0 ? [place] : [];
        if (link.send("/musika/midi/learn", [item.address].concat(what)))
            engine.tell(midiInputs.names.length ? qsTr("turn or press a MIDI control now: it will move %1").arg(item.label)
                                                : qsTr("no MIDI input is connected yet: plug one in, then move it"));
        close();
    }
    padding: Theme.padding
    background: Rectangle { color: Theme.raised; radius: Theme.radius; border.color: Theme.line }
    Connections {
        target: ControlMenu
        function onAsked(where, item) {
            popup.item = item;
            const at = where.mapToItem(popup.parent, 0, where.height + 4);
            popup.x = Math.max(4, Math.min(at.x, popup.parent.width - popup.implicitWidth - 4));
            popup.y = Math.max(4, Math.min(at.y, popup.parent.height - popup.implicitHeight - 4));
            popup.open();
        }
    }
    onOpened: {
        value.text = value.shown;
        value.forceActiveFocus();
        value.selectAll();
    }
    contentItem: ColumnLayout {
        spacing: 6
        Text { text: popup.item ? popup.item.label : ""; color: Theme.text; font.pixelSize: Theme.normal; font.weight: Font.DemiBold }
        Caption { text: popup.item ? popup.item.help : ""; wrapMode: Text.Wrap; Layout.maximumWidth: 260; Layout.preferredWidth: 260 }
        Field {
            id: value
            objectName: "menu value"
            visible: !!popup.item && popup.item.count === 1 && popup.item.kind !== "switch" && popup.item.kind !== "choice"
            item: popup.item && popup.item.count === 1 ? popup.item : null
            Layout.fillWidth: true
            onAccepted: popup.close()
        }
        Repeater {
            model: !popup.item ? [] : popup.item.count > 1 ? popup.item.count : 1
            Button {
                required property int index
                objectName: "learn " + index
                text: popup.item && popup.item.count > 1 ? qsTr("Learn %1: the next MIDI knob moves it").arg(popup.item.parts[index])
                    : popup.item && popup.item.sends !== undefined ? qsTr("Learn: the next MIDI key or pad presses it")
                    : qsTr("Learn: the next MIDI knob moves it")
                tint: Theme.line
                Layout.fillWidth: true
                onClicked: popup.learn(index)
            }
        }
        Button {
            text: qsTr("Forget its MIDI knob")
            tint: Theme.line
            Layout.fillWidth: true
            onClicked: { link.send("/musika/midi/forget", [popup.item.address]); popup.close(); }
        }
        Button {
            text: qsTr("Back to its default")
            visible: !!popup.item && popup.item.has_default === true
            tint: Theme.line
            Layout.fillWidth: true
            onClicked: { popup.item.reset(); popup.close(); }
        }
        Caption { text: popup.item ? "" + popup.item.address : "" }
    }
}
